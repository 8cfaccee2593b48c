// Package sagefake is a small, honest Sage: Kindly's Statistics API over HTTP, for tests, for the demo and for
// trying things by hand. It knows nothing of the client that talks to it; it speaks only the wire protocol.
//
// The tour, in the order the data flows:
//
// A [Bot] is a store of [Event] values: chats begun, messages, replies, handover stages, ratings, labels, clicks.
// Events are kept one by one, as instants in UTC, each with the source and the language of its chat. Nothing is
// counted in advance:
//
//	bot := &sagefake.Bot{ID: "nettbutikk", Key: "secret"}
//	bot.Add(sagefake.Event{At: at, Kind: sagefake.Chat, Source: "web", Language: "nb"})
//
// A [Server] is an [http.Handler] that answers for the hosts of both services, whose paths do not collide: the
// exchange of an API key for a short-lived token, and the eleven statistics of the vendor's page.
//
//	server := httptest.NewServer(sagefake.New(bot))
//
// Each request is answered by walking the events of one kind in order of time. What counts is decided on the wall
// clock of the zone asked for: from and to are its local dates (to is exclusive), and a bucket is the wall clock
// cut off at the hour, the day or the Monday, as date_trunc(…, at AT TIME ZONE tz) would do it in SQL. So the days
// of a week add up to the week in every zone; a day has 23 or 25 hours where clocks change; an hour that comes twice
// is one bucket; an hour that is skipped, and a day without events, are absent from the series.
//
// A [Fault] makes matching requests go wrong: a status, a delay, garbage, a truncated or slow body, a closed
// connection. A clock that is wrong is the server's Now. [Server.Requests] tells what was asked, and [Wire] carries it
// without a network.
//
// [Demo] makes three bots with some months of history that looks like the real thing: office hours, weekends,
// public holidays, growth, an incident, long tails, and the names that people really type.
//
// What nobody here has seen of the real service (two answers, the errors, an order) stands in assumed.go.
//
// A test that is about the client's reading of the vendor's page should not lean on this package alone: both could
// share a misunderstanding. The shapes the facts call seen are spelled out in the tests of both.
package sagefake

// Package sagefake is a fake of Sage, Kindly's Statistics API over HTTP, for tests, for the demo
// and for trying things by hand. It does not use the client; it implements the protocol.
//
// A [Bot] stores [Event] values: chats, messages, replies, stages of handovers, ratings, labels,
// clicks. Each is an instant in UTC with the source and the language of its chat:
//
//	bot := &sagefake.Bot{ID: "nettbutikk", Key: "secret"}
//	bot.Add(sagefake.Event{At: at, Kind: sagefake.Chat, Source: "web", Language: "nb"})
//
// A [Server] is an [http.Handler] for the hosts of both services, whose paths differ: the exchange
// of an API key for a token, and the eleven statistics of the vendor's page.
//
//	server := httptest.NewServer(sagefake.New(bot))
//
// An answer is computed from the events of one kind, in order of time, by the wall clock of the
// zone asked for. From and to are dates there, and to is exclusive. A bucket is the wall clock
// truncated to the hour, the day or the Monday, as date_trunc(…, at AT TIME ZONE tz) does in SQL.
// So the days of a week add up to the week in every zone. A day has 23 or 25 hours when clocks
// change: an hour that is there twice is one bucket. An hour that is skipped, and a day without
// events, are absent.
//
// A [Fault] makes matching requests fail: with a status, a delay, garbage, a truncated or slow
// body, or a closed connection. The server's Now is its clock. [Server.Requests] returns the
// requests, and [Wire] carries them without a network.
//
// [Demo] makes three bots with months of history that look real: office hours, weekends, public
// holidays, growth, an incident, long tails, and names as people type them.
//
// What is assumed of the real service (two answers, the errors, an order) is in assumed.go. Client
// and fake could share a misunderstanding of the vendor's page, so the tests of both spell out the
// shapes that are known.
package sagefake

package devserver

import (
	"net/http/httptest"
	"testing"

	"kindlyweekly/report/pagetest"
)

// axe finds no fault on the page, neither on the empty one nor on a full one. Package report tests
// the mails.
func TestServe_Accessible(t *testing.T) {
	b, o := pagetest.Start(t), newTestServer(t)
	server := httptest.NewServer(o.handler())
	t.Cleanup(server.Close)
	results := b.Judge(t, []pagetest.Page{{Name: "empty", URL: server.URL}}, pagetest.Windows)
	o.browse(form("/tick", nil))
	o.types(t, "C0000BUTIK", anyUser, "help")
	o.types(t, "C0000BUTIK", anyUser, "nettbutikk")
	o.types(t, "C0000OTHER", anyUser, "nettbutikk")
	pagetest.Check(t, append(results,
		b.Judge(t, []pagetest.Page{{Name: "full", URL: server.URL}}, pagetest.Windows)...))
}

package delivery_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/report/theme"
)

// Every key of a tenant's has its limit, by its kind.
func TestMostBytes(t *testing.T) {
	w := period.WeekOf(period.DateOf(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)))
	keys, to := delivery.KeysOf("acme"), config.Destination{Medium: config.Slack, To: "C024BE91L"}
	for key, want := range map[string]int64{
		keys.Config():                                     2 << 20,
		delivery.SendersKey:                               2 << 20,
		keys.GoodConfig():                                 4 << 20,
		keys.Logo("logo.png"):                             theme.MostLogoBytes,
		keys.Manifest("shop", w):                          4 << 20,
		keys.Portfolio(w):                                 32 << 20,
		keys.Edition("shop", w, "b", "r.pdf"):             32 << 20,
		keys.Edition(config.PortfolioID, w, "b", "r.pdf"): 32 << 20,
		keys.Edition("shop", w, "b", "a/b.png"):           32 << 20,
		keys.Edition("shop", w, "b", delivery.ReportFile): 32 << 20,
		keys.FirstSeen():                                  16 << 20,
		keys.Record(w, "shop", to):                        1 << 20,
		keys.Record(w, "known", to):                       1 << 20,
		keys.Done(w, "shop", to):                          1 << 10,
		keys.Seen(period.Date{}, "ab"):                    1 << 10,
		keys.Ops():                                        16 << 20,
		keys.Notice("n", to):                              1 << 20,
		keys.Address(to.ID()):                             1 << 20,
		// Tenants and bots that are called like a kind of key.
		delivery.KeysOf("ledger").Manifest("done", w): 4 << 20,
		delivery.KeysOf("done").FirstSeen():           16 << 20,
		// Keys of no kind.
		"acme":                               1 << 20,
		"config/a/b.yaml":                    1 << 20,
		"acme/archive/shop/2026-W46/note.md": 32 << 20,
	} {
		if got := delivery.MaxBytes(key); got != want {
			t.Errorf("%s: %d, want %d", key, got, want)
		}
	}
}

// endless is a body that goes on.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) { e.read += len(p); return len(p), nil }

// What is said of a size is not believed.
func TestReadObject(t *testing.T) {
	const mark = "acme/done/2026-W46/shop/slack-C024BE91L"
	for _, size := range []int64{0, -1, -1 << 40, 10, 1 << 40} {
		body := &endless{}
		data, err := delivery.ReadObject(body, mark, size)
		if _, ok := errors.AsType[*delivery.TooLargeError](err); !ok || data != nil ||
			body.read > 2<<10 {
			t.Errorf("of one that is said to have %d bytes %d were read: %v", size, body.read, err)
		}
	}
	if data, err := delivery.ReadObject(strings.NewReader("abc"), mark, 3); string(data) != "abc" ||
		err != nil {
		t.Errorf("%q, %v", data, err)
	}
	for _, size := range []int64{0, 1 << 10} { // the most that there may be
		if data, err := delivery.ReadObject(strings.NewReader(strings.Repeat("x", 1<<10)), mark,
			size); len(data) != 1<<10 || err != nil {
			t.Errorf("of one that is said to have %d bytes %d were read: %v", size, len(data), err)
		}
	}
	if _, err := delivery.ReadObject(io.MultiReader(strings.NewReader("abc"), cutShort{}), mark,
		10); !errors.Is(err, errCut) {
		t.Errorf("the connection is lost: %v", err)
	}
}

var errCut = errors.New("lost")

type cutShort struct{}

func (cutShort) Read([]byte) (int, error) { return 0, errCut }

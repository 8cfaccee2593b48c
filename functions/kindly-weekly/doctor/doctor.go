// Package doctor provides the command doctor, which queries each endpoint of Kindly's statistics
// once, explains what fails, looks for button clicks where their assumed path is wrong, and tests
// what reports assume of the service.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

type Command struct {
	deployment.AnyBot
	filters.Flags
	Save bool `help:"Save where button clicks were found with the deployment, for its reports."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Queries each endpoint for the last complete week, lists what it returned, and explains each
failure. Then tests what the reports assume of the service, such as that filters work.
Please include its output when you report a problem.

The path of button clicks is assumed. If the service has another one, doctor tries those that fit
its other names. With --save it stores the one that answers in the deployment's bucket, and the
deployment's reports use it.

Examples:
  kindly-weekly doctor --bot 4217 --tz Europe/Oslo
  kindly-weekly doctor --bot 4217 --stack kindly-weekly-prod --tenant acme
  kindly-weekly doctor --bot 4217 --stack kindly-weekly-prod --tenant acme --save`
}

// Run examines the last complete week, in which there is something to count.
func (c *Command) Run(ctx context.Context, h cli.Host) error {
	if c.Save && !c.Given() {
		return cli.Usagef("--save needs the deployment: name it with --stack or --bucket, and --tenant")
	}
	bot, tenant, store, err := c.Find(ctx, h)
	if err != nil {
		return err
	}
	client := c.SageClient(ctx, h, store, tenant, bot)
	client.Tries = 1 // an endpoint that needs a second try should be seen to
	e := &examination{
		client: client, bot: bot, week: bot.LastComplete(h.Now()),
		table: tabwriter.NewWriter(h.Out, 0, 0, 2, ' ', 0), now: h.Now,
	}
	fmt.Fprintln(h.Out, cli.Version())
	fmt.Fprintf(h.Out, "%s (%s), %s, %s to %s (exclusive), sources %s\n\n", bot.Name, bot.ID,
		bot.TZ, e.week.From(), e.week.To(), sources(bot))
	h.WarnUTC(bot)
	bar := h.Progress(bot.ID)
	err = e.endpoints(ctx, bar)
	bar.Done()
	c.filters(h, e)
	clocks := e.clock()
	c.found(h, e)
	if err := errors.Join(err, e.table.Flush()); err != nil {
		return err
	}
	for _, t := range e.troubles {
		fmt.Fprintln(h.Out, "\n"+t.err.Error())
		if len(t.others) > 0 {
			fmt.Fprintf(h.Out, "The same for %s.\n", strings.Join(t.others, ", "))
		}
	}
	if e.reached {
		fmt.Fprintln(h.Out, "\nAssumptions about the service:")
		if err := errors.Join(e.proofs(ctx), e.table.Flush()); err != nil {
			return err
		}
	}
	if c.Save {
		if err := save(ctx, h, store, e.search); err != nil {
			return err
		}
	}
	if n := len(e.troubles) + e.disproved + clocks; n > 0 {
		h.Complain("%s", cli.Count(n, "problem", "problems"))
		return cli.ErrPrinted
	}
	return nil
}

// filters checks the bot's filters against the options.
func (c *Command) filters(h cli.Host, e *examination) {
	of := filters.Of(e.bot)
	unknown, checked := of.Unknown(figures.Options(e.options))
	if !checked {
		fmt.Fprintln(h.Err,
			"note: meta/options lists no sources or languages, so the filters were not checked")
	}
	switch {
	case unknown == nil:
	case c.ForceFilters:
		for _, line := range filters.Describe(unknown) {
			fmt.Fprintln(h.Err, "note: "+line)
		}
	default:
		for _, line := range filters.Describe(unknown) {
			e.troubles = append(e.troubles, trouble{err: errors.New(line +
				". To use it anyway, add --force-filters.")})
		}
	}
}

func sources(bot config.Bot) string {
	if len(bot.Sources) == 0 {
		return "all"
	}
	return strings.Join(bot.Sources, ", ")
}

// examination is one run of the doctor.
type examination struct {
	client    *sage.Client
	bot       config.Bot
	week      period.Period
	table     *tabwriter.Writer
	now       func() time.Time
	troubles  []trouble
	disproved int  // assumptions that do not hold
	reached   bool // Sage itself answered, so that there is more to ask
	answered  bool // it knows the bot, since one of the endpoints answered well
	options   sage.Options
	search    search
}

// trouble is a failure, and the other endpoints that failed alike: a host that is down is told
// once.
type trouble struct {
	err    error
	cause  string
	others []string
}

// question is an endpoint and how to ask it for something to say.
type question struct {
	endpoint string
	ask      func() (string, error)
	assumed  bool // the path is
}

func (e *examination) query() sage.Query {
	return sage.Query{From: e.week.From().String(), To: e.week.To().String(), TZ: e.bot.TZ,
		Sources: e.bot.Sources, Languages: e.bot.Languages}
}

// endpoints asks each endpoint once and makes a row of the table for each. Where two in a row get
// nothing out of Sage, no token or no answer at all, the others would only make one wait.
func (e *examination) endpoints(ctx context.Context, bar cli.Progress) error {
	fmt.Fprintln(e.table, "ENDPOINT\tSTATUS\tTIME\tWHAT CAME BACK")
	questions := e.questions(ctx)
	for i, q := range questions {
		if !e.reached && i >= 2 {
			fmt.Fprintf(e.table, "%s\tskipped\t\t\n", q.endpoint)
			continue
		}
		began := e.now()
		came, err := q.ask()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		lost := q.assumed && e.answered && mayBeElsewhere(err)
		switch {
		case err == nil:
			e.reached, e.answered = true, true
		case lost:
			came = "the path is assumed, so others were tried"
		default:
			e.failed(q.endpoint, err)
			came = "see below"
		}
		e.row(q.endpoint, err, began, came)
		bar.Update(i+1, len(questions))
		if lost {
			if err := e.searchButtons(ctx, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// row adds what an endpoint answered to the table.
func (e *examination) row(endpoint string, err error, began time.Time, came string) {
	status := "ok"
	if err != nil {
		status = statusOf(err)
	}
	fmt.Fprintf(e.table, "%s\t%s\t%v\t%s\n", endpoint, status,
		e.now().Sub(began).Round(time.Millisecond), came)
}

// statusOf returns the status of the answer that was a failure, if there was one.
func statusOf(err error) string {
	var failure *sage.Error
	if errors.As(err, &failure) && failure.Status != 0 {
		return fmt.Sprint(failure.Status, " ", http.StatusText(failure.Status))
	}
	return "failed"
}

// clock makes a row where this machine's clock is off, and returns how many clocks are. Sage
// refuses tokens, and counts weeks as over, by its own.
func (e *examination) clock() int {
	skew := e.client.Skew()
	if time.Duration(skew).Abs() <= time.Minute {
		return 0
	}
	fmt.Fprintf(e.table, "this machine's clock\toff\t\t%v: set it\n", skew)
	return 1
}

// failed keeps what there is to say of a failure.
func (e *examination) failed(endpoint string, err error) {
	cause := err.Error()
	var failure *sage.Error
	if errors.As(err, &failure) {
		cause = fmt.Sprint(failure.Endpoint == authEndpoint, failure.Status, failure.Detail,
			failure.Err)
		if failure.Status != 0 {
			e.reached = e.reached || failure.Endpoint != authEndpoint
		}
	} else if inner := errors.Unwrap(err); inner != nil {
		cause = inner.Error()
	}
	for i, t := range e.troubles {
		if t.cause == cause {
			e.troubles[i].others = append(t.others, endpoint)
			return
		}
	}
	e.troubles = append(e.troubles, trouble{err: err, cause: cause})
}

// authEndpoint is how an error names the exchange of the key for a token.
const authEndpoint = "sage/auth"

// questions are all endpoints, in the order of the vendor's page.
func (e *examination) questions(ctx context.Context) []question {
	q := e.query()
	list := q
	list.Limit = 5
	counts := func(points []sage.CountPoint) string {
		return fmt.Sprintf("%s, %d in all", cli.Count(len(points), "day", "days"), total(points))
	}
	return []question{
		about("meta/options", func() (sage.Options,
			error) {
			return e.client.Options(ctx, e.bot.ID)
		}, func(o sage.Options) string {
			e.options = o
			return fmt.Sprintf("sources %s; languages %s", cli.Quoted(o.Sources),
				cli.Quoted(o.Languages))
		}),
		about("sessions/chats", func() ([]sage.CountPoint,
			error) {
			return e.client.Chats(ctx, e.bot.ID, q)
		}, counts),
		about("sessions/messages", func() ([]sage.CountPoint,
			error) {
			return e.client.Messages(ctx, e.bot.ID, q)
		}, counts),
		about("fallbacks/series", func() ([]sage.FallbackPoint,
			error) {
			return e.client.FallbackSeries(ctx, e.bot.ID, q)
		},
			func(points []sage.FallbackPoint) string {
				n := 0
				for _, p := range points {
					n += p.Count
				}
				return fmt.Sprintf("%s, %d in all", cli.Count(len(points), "day", "days"), n)
			}),
		about("fallbacks/total", func() (sage.Fallback,
			error) {
			return e.client.FallbackTotal(ctx, e.bot.ID, q)
		},
			func(f sage.Fallback) string {
				if f.Rate == nil {
					return fmt.Sprintf("%s, no rate", cli.Count(f.Count, "fallback", "fallbacks"))
				}
				return fmt.Sprintf("%s, %.1f%% of replies", cli.Count(f.Count, "fallback", "fallbacks"),
					100**f.Rate)
			}),
		about("chatbubble/pages", func() ([]sage.Page,
			error) {
			return e.client.Pages(ctx, e.bot.ID, list)
		}, func(pages []sage.Page) string {
			return first(len(pages), "page", "pages",
				func() string {
					return figures.WithoutQuery(pages[0].Host) +
						figures.WithoutQuery(pages[0].Path)
				})
		}),
		about("takeovers/series", func() ([]sage.HandoverPoint,
			error) {
			return e.client.HandoverSeries(ctx, e.bot.ID, q)
		},
			func(points []sage.HandoverPoint) string {
				return cli.Count(len(points), "day", "days")
			}),
		about("takeovers/totals", func() (sage.Handovers,
			error) {
			return e.client.HandoverTotals(ctx, e.bot.ID, q)
		},
			func(h sage.Handovers) string {
				return fmt.Sprintf("requested %d, while closed %d, started %d, ended %d", h.Requests,
					h.RequestsWhileClosed, h.Started, h.Ended)
			}),
		about("feedback/summary", func() (sage.Feedback,
			error) {
			return e.client.Feedback(ctx, e.bot.ID, q)
		}, func(f sage.Feedback) string {
			binary, emojis := ratings(f.Binary), ratings(f.Emojis)
			if binary+emojis == 0 {
				return "no ratings, or feedback is off"
			}
			return fmt.Sprintf("%s of two steps, %d of five",
				cli.Count(binary, "rating", "ratings"), emojis)
		}),
		about("chatlabels/added", func() ([]sage.Label,
			error) {
			return e.client.Labels(ctx, e.bot.ID, list)
		},
			func(labels []sage.Label) string {
				return first(len(labels), "label", "labels", func() string { return labels[0].Text })
			}),
		{e.client.Spelling.Path(), func() (string, error) {
			buttons, err := e.client.Buttons(ctx, e.bot.ID, list)
			return firstButton(buttons), err
		}, true},
	}
}

func firstButton(buttons []sage.Button) string {
	return first(len(buttons), "button", "buttons", func() string { return buttons[0].Text })
}

// about returns a question whose answer say describes.
func about[T any](endpoint string, ask func() (T, error), say func(T) string) question {
	return question{endpoint: endpoint, ask: func() (string, error) {
		value, err := ask()
		if err != nil {
			return "", err
		}
		return say(value), nil
	}}
}

func first(n int, one, many string, name func() string) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%s, the first %s", cli.Count(n, one, many), cli.Quoted([]string{name()}))
}

func total(points []sage.CountPoint) (n int) {
	for _, p := range points {
		n += p.Count
	}
	return n
}

func ratings(steps []sage.Rating) (n int) {
	for _, r := range steps {
		n += r.Count
	}
	return n
}

package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage"
)

// A search is the search for button clicks, whose path is assumed. The zero search was not needed.
type search struct {
	first error          // why it was needed
	asked string         // the path that did not answer well
	tried int            // other paths
	empty []string       // those that answered with an empty list, which any path may have
	ended string         // why it ended early
	found *sage.Spelling // nil: none answered with buttons
}

// mayBeElsewhere reports whether the failure of an assumed path may mean that the service has
// another one: it does not know the path, or answers with something else than buttons.
func mayBeElsewhere(err error) bool {
	var failed *sage.Error
	if !errors.As(err, &failed) || failed.Endpoint == authEndpoint {
		return false
	}
	return failed.Status == http.StatusNotFound || isOther(err)
}

// isOther reports whether the answer was a good one, of something else.
func isOther(err error) bool {
	var failed *sage.Error
	return errors.As(err, new(*sage.ShapeError)) ||
		errors.As(err, &failed) && failed.Status == http.StatusOK && failed.Page
}

// searchWeeks are how many weeks are searched for clicks, since a week may have none.
const searchWeeks = 12

// searchButtons asks the paths that fit the service's names for buttons, one after the other, until
// one has some. Each is a row of the table.
func (e *examination) searchButtons(ctx context.Context, first error) error {
	s := &e.search
	s.first, s.asked = first, e.client.Spelling.Path()
	paths := slices.DeleteFunc(sage.ButtonPaths(), func(p string) bool { return p == s.asked })
	if isOther(first) { // perhaps buttons with other fields
		paths = slices.Insert(paths, 0, s.asked)
	}
	q := e.query()
	q.From, q.Limit = e.week.Add(1-searchWeeks).From().String(), 5
	for _, path := range paths {
		began := e.now()
		buttons, spelled, err := e.client.ButtonsAt(ctx, e.bot.ID, q, path)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		came := fmt.Sprintf("in %d weeks: %s", searchWeeks, firstButton(buttons))
		if err != nil {
			came = otherThanButtons(err)
		}
		e.row(path, err, began, came)
		if path != s.asked {
			s.tried++
		}
		switch {
		case err == nil && len(buttons) > 0:
			s.found = &spelled
			return nil
		case err == nil:
			s.empty = append(s.empty, path)
		case endsSearch(err):
			s.ended = path + ": " + statusOf(err)
			return nil
		}
	}
	return nil
}

// endsSearch reports whether other paths would fail alike: there was no answer, or the service asks
// to wait.
func endsSearch(err error) bool {
	var failed *sage.Error
	return !errors.As(err, &failed) || failed.Status == 0 ||
		failed.Status == http.StatusTooManyRequests || failed.Endpoint == authEndpoint
}

// otherThanButtons describes a good answer that has no buttons.
func otherThanButtons(err error) string {
	var shape *sage.ShapeError
	switch {
	case errors.As(err, &shape) && len(shape.Keys) > 0:
		return "no buttons; the keys are " + cli.Quoted(shape.Keys)
	case isOther(err):
		return "no buttons"
	}
	return ""
}

// found adds the outcome of the search to the troubles, unless it will be saved.
func (c *Command) found(h cli.Host, e *examination) {
	s := e.search
	switch {
	case s.first == nil || s.found != nil && c.Save:
		return
	case s.found == nil:
		e.troubles = append(e.troubles, trouble{err: errors.New(s.lost())})
		return
	}
	command := cmp.Or(h.Name, "kindly-weekly") + " doctor --stack STACK --tenant TENANT --bot " +
		alerting.Quote(e.bot.ID) + " --save"
	if c.Given() {
		command = c.Commands(h).SaveSpelling(c.Tenant, e.bot.ID)
	}
	e.troubles = append(e.troubles, trouble{err: errors.New(s.where() +
		". Reports lack them until you " +
		alerting.Instruction("save that with the deployment", command))})
}

// where says where button clicks are.
func (s search) where() string {
	text := "Button clicks are at " + s.found.Path()
	if s.found.Path() != s.asked {
		text += ", not at " + s.asked
	}
	if s.found.ButtonText != "" {
		text += fmt.Sprintf(", with the text in %q and the dialogue in %q", s.found.ButtonText,
			s.found.ButtonDialogue)
	}
	return text
}

// lost says that the search has found nothing.
func (s search) lost() string {
	text := s.asked + " does not exist. "
	if isOther(s.first) {
		text = s.first.Error() + "\n"
	}
	text += cli.Count(s.tried, "other path was", "other paths were") +
		" tried, and none has buttons, so reports lack them. "
	switch {
	case s.ended != "":
		return text + "The search ended early (" + s.ended + "): try again later."
	case len(s.empty) > 0:
		text += "An empty list came from " + strings.Join(s.empty, ", ") +
			": if the bot has no clicks yet, try again when it has. "
	}
	return text + "Please report this, with the whole output."
}

// save saves what the search has found in the deployment's store.
func save(ctx context.Context, h cli.Host, store delivery.Store, s search) error {
	if s.found == nil {
		fmt.Fprintln(h.Out, "\nNothing was saved, since no other path of button clicks was found.")
		return nil
	}
	if err := spelling.Save(ctx, store, *s.found); err != nil {
		return fmt.Errorf("nothing was saved: %w", err)
	}
	fmt.Fprintf(h.Out, "\n%s. It is saved; the deployment's reports use it within 15 minutes.\n",
		s.where())
	return nil
}

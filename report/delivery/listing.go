package delivery

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/period"
)

// listing is what LISTs have found of a week of a tenant.
type listing struct {
	of      []int           // the indexes of its deliveries
	marks   map[string]bool // the keys of all markers
	records map[string]bool // the keys of all records; nil if all deliveries are over and succeeded
	resent  bool            // some delivery was sent again
}

// listings lists the markers of each week and then, unless all deliveries have one and succeeded,
// the records. slots are those of the deliveries. If all deliveries of a week are of one bot, only
// its folders are listed, so that a worker does not depend on the size of the tenant.
//
// The order is important. A record is written before its marker, so each marker that is listed has
// its record in the second LIST. The other way around, a delivery that fails in between would have
// a marker and no record, and look as if it was never tried.
func (l *Ledger) listings(ctx context.Context, tenant string, all []Delivery, slots []slot) (
	map[period.Period]*listing, error) {
	keys := KeysOf(tenant)
	weeks := make(map[period.Period]*listing)
	for i, d := range all {
		week := weeks[d.Job.Period]
		if week == nil {
			week = &listing{}
			weeks[d.Job.Period] = week
		}
		week.of = append(week.of, i)
	}
	lists, ctx := errgroup.WithContext(ctx)
	for w, week := range weeks {
		lists.Go(func() (err error) {
			done, records := keys.DonePrefix(w), keys.RecordsPrefix(w)
			if bot, ok := week.onlyBot(all); ok {
				done, records = keys.doneOf(w, bot), keys.Records(w, bot)
			}
			if week.marks, err = l.list(ctx, done); err != nil {
				return err
			}
			for key := range week.marks {
				week.resent = week.resent || strings.Contains(key, "."+resend)
			}
			if week.settled(all, slots) {
				return nil
			}
			week.records, err = l.list(ctx, records)
			return err
		})
	}
	return weeks, lists.Wait()
}

// list returns the keys with the prefix.
func (l *Ledger) list(ctx context.Context, prefix string) (map[string]bool, error) {
	keys, err := l.Store.List(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", prefix, err)
	}
	found := make(map[string]bool, len(keys))
	for _, key := range keys {
		found[key] = true
	}
	return found, nil
}

// onlyBot returns the bot that all deliveries of the week are of.
func (week *listing) onlyBot(all []Delivery) (bot string, ok bool) {
	bot = all[week.of[0]].Job.Bot
	for _, i := range week.of {
		if all[i].Job.Bot != bot {
			return "", false
		}
	}
	return bot, true
}

// settled reports whether the markers say everything of the deliveries, so that no record needs to
// be read.
func (week *listing) settled(all []Delivery, slots []slot) bool {
	for _, i := range week.of {
		if at := slots[i]; !week.marks[at.done] || week.marks[at.failed()] {
			return false
		}
		if _, wrong, _ := week.lastResend(all[i]); wrong {
			return false
		}
	}
	return true
}

// lastResend returns the last resend of a delivery that is over, nil if there is none, and whether
// it has failed or was not wanted.
func (week *listing) lastResend(d Delivery) (last *Delivery, wrong, unwanted bool) {
	for n := 1; week.resent; n++ {
		again := d.Resend(n)
		at := again.slot()
		if !week.marks[at.done] {
			return last, wrong, unwanted
		}
		last, wrong, unwanted = &again, week.marks[at.failed()], week.marks[at.skipped()]
	}
	return nil, false, false
}

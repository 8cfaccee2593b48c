package faults

import (
	"fmt"
	"slices"
	"strings"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/delivery"
)

// isDetails reports whether a reply is the one with the details.
func isDetails(m slackfake.Message) bool {
	return m.Metadata != nil && strings.HasSuffix(fmt.Sprint(m.Metadata.EventPayload["key"]), "/details")
}

// details holds the details under a digest to what must hold: they are there once, before the PDF, with the digest's key. Only
// where Slack refused them for something that people have to cure is the PDF there without them.
func (v *verdict) details(r delivery.Record, digests []slackfake.Message, refused bool) {
	for _, m := range digests {
		var all []slackfake.Message
		for _, reply := range m.Replies {
			if isDetails(reply) {
				all = append(all, reply)
			}
		}
		switch pdf := slices.IndexFunc(m.Replies, func(m slackfake.Message) bool { return len(m.Files) > 0 }); {
		case len(all) > 1:
			v.wrong("the details are under the digest %d times", len(all))
		case len(all) == 1 && all[0].Metadata.EventPayload["key"] != fmt.Sprint(m.Metadata.EventPayload["key"], "/details"):
			v.wrong("under the digest are the details of %v", all[0].Metadata.EventPayload["key"])
		case len(all) == 1 && pdf >= 0 && all[0].TS > m.Replies[pdf].TS:
			v.wrong("the details are under the PDF")
		case len(all) == 0 && r.State == delivery.Accepted && pdf >= 0 && !refused:
			v.wrong("the PDF is under the digest without the details")
		}
	}
}

// detailsRefused reports whether Slack has refused to take what a worker or an operator posted: of the digest, another try made up for it.
func (w *world) detailsRefused() bool {
	return slices.ContainsFunc(w.plan, func(f fault) bool {
		sends := strings.HasPrefix(f.process, "worker") || strings.HasPrefix(f.process, "operator")
		return f.kind.says == canned && sends && strings.HasPrefix(f.request, "slack chat.postMessage")
	})
}

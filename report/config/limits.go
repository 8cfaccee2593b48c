package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// What one file may ask for, so that no tenant takes from the others the memory and the time that all share. [Parse]
// refuses more. In a file that is in force, what is beyond a limit is left out: the first in the order of kinds stay.
const (
	Largest          = 2 << 20 // bytes; more are never read
	MostBots         = 10_000
	MostDestinations = 50     // of a bot, of the portfolio, and of ops
	MostDeliveries   = 20_000 // of a tenant: the destinations of all its bots, and those of the portfolio
)

// TooLarge is the mistake of a file that has more bytes than are read.
func TooLarge() Mistakes {
	return Mistakes{{Line: 1, Column: 1, Message: fmt.Sprintf("the file has more than %d bytes, which are the most that are read: "+
		"let defaults say what bots share, or write bots into the file of another tenant", Largest)}}
}

// few leaves the first of a draft's destinations, and notes where there were more. Those that stand in defaults were noted
// there.
func (r *reader) few(d *draft, found map[string]*yaml.Node, path, whose string) {
	all := d.to.all()
	if len(all) <= MostDestinations {
		return
	}
	d.to.keep(MostDestinations)
	r.cut = true
	for _, key := range slices.Backward(listNames()) {
		if at := found[key]; at != nil {
			r.newly(at, member(path, key), "%d destinations, and %d are the most of %s: only the first %d are sent to, "+
				"up to %s; write a Slack channel or a mailing list in place of the others",
				len(all), MostDestinations, whose, MostDestinations, quote(all[MostDestinations-1].To))
			return
		}
	}
}

// A budget is what a tenant may still send.
type budget struct {
	r     *reader
	sent  int // deliveries so far
	asked int // beyond those

	// The first destination that is left out, and where its bot stands.
	at          *yaml.Node
	path, first string
}

// spend returns those of a bot's destinations that are within the budget.
func (b *budget) spend(bot Bot, all []Destination, n *yaml.Node, path string) []Destination {
	within := min(len(all), MostDeliveries-b.sent)
	if within < len(all) && b.at == nil {
		b.at, b.path = &yaml.Node{Line: n.Line, Column: n.Column}, path
		b.first = fmt.Sprintf("%s of the bot %s", quote(all[within].To), quote(bot.ID))
	}
	b.sent += within
	b.asked += len(all) - within
	if within == 0 {
		return nil // which holds on to nothing
	}
	return all[:within:within]
}

// tell notes what is beyond the budget.
func (b *budget) tell() {
	if b.at == nil {
		return
	}
	b.r.cut = true
	b.r.newly(b.at, b.path, "%d deliveries a week are asked for, and %d are the most of a tenant: nothing is sent from %s on; "+
		"remove destinations, or write bots into the file of another tenant", b.sent+b.asked, MostDeliveries, b.first)
}

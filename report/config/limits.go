package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Limits of one file, so that no tenant takes the others' memory and time. [Parse] refuses more. In
// a file that is in force, what is beyond a limit is left out: the first destinations stay, in the
// order of kinds.
const (
	Largest          = 2 << 20 // bytes; a larger file is not read
	MostBots         = 10_000
	MostDestinations = 50     // of a bot, of the portfolio, and of ops
	MostDeliveries   = 20_000 // of a tenant: the destinations of all its bots and of the portfolio
)

// TooLarge returns the mistake of a file with more bytes than [Largest].
func TooLarge() Mistakes {
	return Mistakes{{Line: 1, Column: 1, Message: fmt.Sprintf("the file has more than %d bytes: "+
		"put what bots share into defaults, or bots into the file of another tenant", Largest)}}
}

// limit keeps the first of a draft's destinations, and warns if there were more. The defaults' were
// warned about there.
func (r *reader) limit(d *draft, found map[string]*yaml.Node, path, whose string) {
	all := d.to.all()
	if len(all) <= MostDestinations {
		return
	}
	d.to.keep(MostDestinations)
	r.cut = true
	for _, key := range slices.Backward(listNames()) {
		if at := found[key]; at != nil {
			r.warnf(at, member(path, key), "%d destinations, and %s can have %d: only the first "+
				"%[3]d are used, up to %[4]s; use a Slack channel or a mailing list instead",
				len(all), whose, MostDestinations, quote(all[MostDestinations-1].To))
			return
		}
	}
}

// A budget counts a tenant's deliveries.
type budget struct {
	r     *reader
	sent  int // deliveries so far
	asked int // beyond those

	// The first destination that is left out, and the node of its bot.
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
		return nil // frees all
	}
	return all[:within:within]
}

// warn warns about what is beyond the budget.
func (b *budget) warn() {
	if b.at == nil {
		return
	}
	b.r.cut = true
	b.r.warnf(b.at, b.path, "the file asks for %d deliveries a week, and a tenant can have %d: "+
		"nothing is sent from %s on; remove destinations, or put bots into the file of "+
		"another tenant",
		b.sent+b.asked, MostDeliveries, b.first)
}

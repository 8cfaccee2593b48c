package main

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// progress shows how far a report has come: a bar on a terminal, a line elsewhere, where a bar would fill a log.
type progress struct {
	bar *progressbar.ProgressBar
}

func (h host) progress(bot string) progress {
	if !h.terminal {
		fmt.Fprintf(h.err, "asking Sage about %s\n", bot)
	}
	return h.bar(bot)
}

// bar is the bar on a terminal, and nothing elsewhere.
func (h host) bar(what string) progress {
	if !h.terminal {
		return progress{}
	}
	return progress{progressbar.NewOptions(-1, progressbar.OptionSetWriter(h.err), progressbar.OptionSetDescription(what),
		progressbar.OptionSetRenderBlankState(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionShowCount())}
}

func (p progress) update(done, total int) {
	if p.bar != nil {
		p.bar.ChangeMax(total)
		_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to fail
	}
}

func (p progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

package cli

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Progress shows how far a report has come: a bar on a terminal, a line elsewhere, where a bar
// would fill a log.
type Progress struct {
	bar *progressbar.ProgressBar
}

func (h Host) Progress(bot string) Progress {
	if !h.Terminal {
		fmt.Fprintf(h.Err, "asking Sage about %s\n", bot)
	}
	return h.Bar(bot)
}

// Bar is the bar on a terminal, and nothing elsewhere.
func (h Host) Bar(what string) Progress {
	if !h.Terminal {
		return Progress{}
	}
	return Progress{progressbar.NewOptions(-1, progressbar.OptionSetWriter(h.Err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetRenderBlankState(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30), progressbar.OptionShowCount())}
}

func (p Progress) Update(done, total int) {
	if p.bar != nil {
		p.bar.ChangeMax(total)
		_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to fail
	}
}

func (p Progress) Done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

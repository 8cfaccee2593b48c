package reports

import (
	"fmt"
	"os"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/pdf/inspect"
)

type Inspect struct {
	File string `arg:"" type:"path" help:"The PDF, DIR/<bot>/<week>/report.pdf."`
}

// Help returns the details and examples of the command.
func (Inspect) Help() string {
	return `Prints what screen readers read aloud of the PDF, in order: headings, paragraphs, lists, tables,
where links lead, and what is read in place of charts and signs.

Examples:
  kindly-weekly inspect out/4217/2026-W46/report.pdf`
}

func (c *Inspect) Run(h cli.Host) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	document, err := inspect.Read(data)
	if err != nil {
		return fmt.Errorf("%s: %w: inspect reads the report.pdf of this program",
			cli.ShortPath(c.File), err)
	}
	_, err = fmt.Fprint(h.Out, document)
	return err
}

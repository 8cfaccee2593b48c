package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"kindlyweekly/functions/kindly-weekly/cli"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

type Render struct {
	Folder string   `arg:"" type:"existingdir" help:"The report's folder, DIR/<bot>/<week>."`
	Locale []string `placeholder:"L" help:"Also render this language, into FOLDER/locales/L: one of ${locales}. Repeatable."`
}

// Help returns the details and examples of the command.
func (Render) Help() string {
	return `Renders the editions from the numbers in FOLDER/report.json, without a request to Sage.

Examples:
  kindly-weekly render out/4217/2026-W46
  kindly-weekly render --locale nb --locale de out/4217/2026-W46`
}

func (c *Render) Run(h cli.Host) error {
	var others config.Bot
	for _, locale := range c.Locale {
		checked, err := others.With(config.Changes{Locale: locale})
		if err != nil {
			return cli.Usagef("--%w", err)
		}
		others.Destinations = append(others.Destinations,
			config.Destination{Locale: checked.Locale})
	}
	data, err := os.ReadFile(filepath.Join(c.Folder, weekly.JSON))
	if err != nil {
		return fmt.Errorf("%w: render needs a folder DIR/<bot>/<week> that the command report wrote, with its %s", err, weekly.JSON)
	}
	numbers, err := figures.Decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", cli.ShortPath(c.Folder), err)
	}
	files, err := weekly.Render(numbers)
	if err != nil {
		return err
	}
	others.Locale = numbers.Locale
	for _, locale := range others.OtherLocales() {
		other := *numbers
		other.Locale = locale
		drawn, err := weekly.Render(&other)
		if err != nil {
			return err
		}
		files = slices.Concat(files, delivery.WithLocale(locale, drawn))
	}
	if err := cli.WriteFiles(c.Folder, files); err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "%d files rendered in %s\n", len(files), cli.ShortPath(c.Folder))
	return nil
}

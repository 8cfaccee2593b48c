package main

import (
	"fmt"
	"os"
	"path/filepath"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/figures"
)

type redraw struct {
	Folder string `arg:"" type:"existingdir" help:"DIR/<bot>/<week>, where the report.json is."`
}

func (c *redraw) Run(h host) error {
	data, err := os.ReadFile(filepath.Join(c.Folder, weekly.JSON))
	if err != nil {
		return fmt.Errorf("%w: redraw needs the DIR/<bot>/<week> in which 'local report' left a %s", err, weekly.JSON)
	}
	numbers, err := figures.Decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", short(c.Folder), err)
	}
	files, err := weekly.Draw(numbers)
	if err != nil {
		return err
	}
	if err := write(c.Folder, files); err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%d files drawn again in %s\n", len(files), short(c.Folder))
	return nil
}

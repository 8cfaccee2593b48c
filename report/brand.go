package report

import (
	"fmt"

	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/theme"
)

// ApplyBrand gives a report its bot's looks: the accent, and the logo, which read fetches by its name. From then on they are part of
// its numbers, so that whoever draws it again, in whatever language, draws the same pages. A logo that is not there or cannot
// be used is left out and the error says why: no report is held up for its looks.
func ApplyBrand(r *figures.Report, brand config.Brand, read func(name string) ([]byte, error)) error {
	r.Brand = nil
	if brand.Accent != "" {
		r.Brand = &figures.Brand{Accent: brand.Accent}
	}
	if brand.Logo == "" {
		return nil
	}
	file, err := read(brand.Logo)
	if err != nil {
		return fmt.Errorf("%s: %w", brand.Logo, err)
	}
	logo, err := theme.ReadLogo(file)
	if err != nil {
		return fmt.Errorf("%s: %w", brand.Logo, err)
	}
	r.Brand = &figures.Brand{Accent: brand.Accent, Logo: logo.PNG}
	return nil
}

package report

import (
	"fmt"

	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/theme"
)

// ApplyBrand sets a report's accent and logo. read returns the logo by its name. The brand is
// frozen with the numbers, so that the report can be rendered again with the same colors. If the
// logo cannot be read or used, ApplyBrand leaves it out and returns an error that says why. The
// report can be sent without it.
func ApplyBrand(
	r *figures.Report, brand config.Brand, read func(name string) ([]byte, error),
) error {
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

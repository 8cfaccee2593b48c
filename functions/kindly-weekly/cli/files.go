package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	weekly "kindlyweekly/report"
)

// WriteFiles writes files into a folder. It writes all of them into a temporary folder first, and
// then renames them: a full disk or a crash leaves no partial file, and rarely a mix of two
// reports.
func WriteFiles(folder string, files []weekly.File) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(folder, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	for _, f := range files {
		name := filepath.Join(made, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return fmt.Errorf("%s is left as it was: %w", folder, err)
		}
	}
	for _, f := range files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if there, err := os.Lstat(name); err == nil && there.IsDir() {
			return fmt.Errorf("%s is a folder, but the report has a file of that name: move it away", name)
		}
	}
	for _, f := range files {
		file := filepath.FromSlash(f.Name)
		if err := os.Rename(filepath.Join(made, file), filepath.Join(folder, file)); err != nil {
			return err
		}
	}
	return nil
}

// ShortPath returns a path relative to the current folder if it is below it.
func ShortPath(name string) string {
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	below, err := filepath.Rel(here, name)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return name
	}
	return below
}

package upgrade

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// thisVersion is the program of this source.
func thisVersion(t *testing.T) program {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return program{"this version", path}
}

// versionBefore is the program of the version before. It is built once, from the source in
// testdata.
func versionBefore(t *testing.T) program {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the version before is not built")
	}
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return program{"the version before", filepath.Join(dir, "probe")}
}

// built builds the probe of the version before and returns the folder that it is in.
var built = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "version-before-"); err != nil {
		return "", err
	}
	scratch = dir
	if err := unpack("testdata/before.tar.gz", dir); err != nil {
		return "", err
	}
	source, err := os.ReadFile("testdata/before/probe_test.go.txt")
	if err != nil {
		return "", err
	}
	home := filepath.Join(dir, "functions", "upgrade")
	err = errors.Join(os.MkdirAll(home, 0o755),
		os.WriteFile(filepath.Join(home, "probe_test.go"), source, 0o644))
	if err != nil {
		return "", err
	}
	args := []string{"test", "-c", "-vet=off", "-o", filepath.Join(dir, "probe")}
	if raceEnabled { // so that what it imports has been built already
		args = append(args, "-race")
	}
	build := exec.Command("go", append(args, "./functions/upgrade")...)
	build.Dir = dir
	// Nothing is downloaded: what the version before imports, this version imports too, until one
	// of them changes.
	build.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the version before does not build: %w\n%s\n"+
			"If a module is missing that its go.mod requires, and ours does not in that version: "+
			"download it with go mod download in a copy of its source, see testdata/README.md", err, out)
	}
	return dir, nil
})

// scratch is what is to be removed in the end.
var scratch string

func TestMain(m *testing.M) {
	code := m.Run()
	if scratch != "" {
		os.RemoveAll(scratch)
	}
	os.Exit(code)
}

// unpack unpacks a .tar.gz of files into a folder.
func unpack(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	for files := tar.NewReader(zipped); ; {
		h, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(h.Name) {
			return fmt.Errorf("%s: %q leads out of the archive", archive, h.Name)
		}
		data, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
			return err
		}
	}
}

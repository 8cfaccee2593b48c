package stack

import (
	"archive/zip"
	"debug/buildinfo"
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The maximum sizes of the zipped functions, in bytes: a cold start loads all of it. The worker has
// 2.1 MB of fonts for emoji and for Chinese, Japanese and Korean.
const most, mostWorker = 5_600_000, 8_600_000

// Modules for profiles, logins and roles of other machines. A Lambda has its credentials in its
// environment, see package wire.
var unneeded = []string{
	"github.com/aws/aws-sdk-go-v2/config",
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds",
	"github.com/aws/aws-sdk-go-v2/service/sso",
	"github.com/aws/aws-sdk-go-v2/service/ssooidc",
	"github.com/aws/aws-sdk-go-v2/service/signin",
	"github.com/aws/aws-sdk-go-v2/service/sts",
}

// `make build` makes what Lambda's arm64 processors run without anything beside it.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds three programs")
	}
	dir := t.TempDir()
	run(t, "make", "build", "BUILD="+dir)
	artifacts(t, dir)
}

// `sam build` makes the same by the Makefile's recipe.
func TestSamBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds three programs")
	}
	sam, dir := tool(t, "sam"), t.TempDir()
	run(t, sam, "build", "--build-dir", dir, "--template", "template.yaml")
	artifacts(t, dir)
}

func artifacts(t *testing.T, dir string) {
	t.Helper()
	for _, name := range read(t).named(isFunction) {
		file := filepath.Join(dir, name, "bootstrap")
		program, err := elf.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer program.Close()
		if program.Machine != elf.EM_AARCH64 {
			t.Errorf("%s is for %v", name, program.Machine)
		}
		for _, p := range program.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("%s is linked dynamically", name)
			}
		}
		if program.Section(".symtab") != nil || program.Section(".debug_info") != nil {
			t.Errorf("%s is not stripped", name)
		}

		info, err := buildinfo.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]string)
		for _, s := range info.Settings {
			got[s.Key] = s.Value
		}
		for key, want := range map[string]string{"-tags": "lambda.norpc", "-trimpath": "true", "CGO_ENABLED": "0", "vcs.revision": ""} {
			if got[key] != want {
				t.Errorf("%s was built with %s=%q, not %q", name, key, got[key], want)
			}
		}

		for _, dep := range info.Deps {
			if slices.Contains(unneeded, dep.Path) {
				t.Errorf("%s contains %s, for nothing", name, dep.Path)
			}
		}

		limit := most
		if name == "Worker" {
			limit = mostWorker
		}
		if size := zipped(t, file); size > int64(limit) {
			t.Errorf("%s is %.2f MB zipped, more than %.1f", name, float64(size)/1e6,
				float64(limit)/1e6)
		} else {
			t.Logf("%s is %.2f MB zipped", name, float64(size)/1e6)
		}
	}
}

// counter is a writer that counts.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func zipped(t *testing.T, file string) int64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var size counter
	archive := zip.NewWriter(&size)
	w, err := archive.Create("bootstrap")
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return int64(size)
}

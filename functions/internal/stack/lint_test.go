package stack

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestCfnLint(t *testing.T) {
	run(t, tool(t, "cfn-lint"), "template.yaml")
}

func TestSamValidate(t *testing.T) {
	run(t, tool(t, "sam"), "validate", "--lint", "--template", "template.yaml")
}

// What SAM makes of the template is what CloudFormation gets: roles, mappings and permissions that
// the template does not have.
func TestTemplate_CfnLintAfterTransform(t *testing.T) {
	made := run(t, tool(t, "python"), filepath.Join("functions", "internal", "stack", "testdata",
		"transform.py"), "template.yaml")
	file := filepath.Join(t.TempDir(), "template.json")
	if err := os.WriteFile(file, []byte(made), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, tool(t, "cfn-lint"), "--template", file)
}

// tool returns the path of a program in .venv. Where it is not installed, the test is skipped; in
// CI that is a failure.
func tool(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(root, ".venv", "bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		unable := t.Skipf
		if os.Getenv("CI") == "true" {
			unable = t.Fatalf
		}
		unable("%s is not in .venv (.ci/tools installs it): %v", name, err)
	}
	return file
}

// run runs a program in the project's root, without network or credentials, and returns its output.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION=eu-north-1",
		"AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_EC2_METADATA_DISABLED=true")
	out, err := cmd.Output()
	if err != nil {
		said := ""
		if exit, ok := err.(*exec.ExitError); ok {
			said = string(exit.Stderr)
		}
		t.Fatalf("%s: %v\n%s%s", cmd, err, out, said)
	}
	return string(out)
}

package deploy

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/internal/moto"
)

// The same program has the same archive, from which Lambda can run it.
func TestArchive(t *testing.T) {
	program := bytes.Repeat([]byte("program"), 1000)
	first, err := archive(program)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := archive(program); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the second archive differs: %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 1 || z.File[0].Name != "bootstrap" || z.File[0].Mode() != 0o755 ||
		z.File[0].Modified.Year() != 1980 {
		t.Fatalf("the archive has %+v", z.File)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, program) {
		t.Errorf("the program differs: %v", err)
	}
	if a, b := programKey("Tick", program), programKey("Tick", program[1:]); a == b ||
		!strings.HasPrefix(a, "tick-") {
		t.Errorf("two programs are called %s and %s", a, b)
	}
}

// CloudFormation gets the template as it is, but with the programs and the version.
func TestPackaged(t *testing.T) {
	t.Parallel()
	tpl, err := readTemplate("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{"Tick": "tick-1.zip", "Worker": "worker-1.zip", "Slash": "slash-1.zip"}
	made, err := tpl.packaged("artifacts", keys, "12e4567")
	if err != nil {
		t.Fatal(err)
	}
	before, after := decoded(t, tpl.text), decoded(t, made)
	for name, key := range keys {
		properties := after["Resources"].(map[string]any)[name].(map[string]any)["Properties"].(map[string]any)
		want := map[string]any{"Bucket": "artifacts", "Key": key}
		if got := properties["CodeUri"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
		delete(properties, "CodeUri")
	}
	metadata := after["Metadata"].(map[string]any)
	if metadata[versionKey] != "12e4567" {
		t.Errorf("the version is %v", metadata[versionKey])
	}
	delete(metadata, versionKey)
	shared := before["Globals"].(map[string]any)["Function"].(map[string]any)
	if shared["CodeUri"] != "." {
		t.Errorf("the functions are in %v", shared["CodeUri"])
	}
	delete(shared, "CodeUri")
	if !reflect.DeepEqual(before, after) {
		t.Error("the template differs in more than the programs and the version")
	}

	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, made, 0o600); err != nil {
		t.Fatal(err)
	}
	lint := exec.CommandContext(t.Context(), moto.Tool(t, "cfn-lint"), file)
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}

// decoded returns a template with each short function as a map, such as {!Ref: Stage}.
func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	root, err := parseNode(text)
	if err != nil {
		t.Fatal(err)
	}
	plain(root)
	var all map[string]any
	if err := root.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func plain(n *yaml.Node) {
	for _, child := range n.Content {
		plain(child)
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		argument := *n
		argument.Tag = ""
		*n = yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text(n.Tag), &argument}}
	}
}

// A preview knows what changes by the two templates, and by the parameters.
func TestCompare(t *testing.T) {
	const before = `
Globals: {Function: {Runtime: provided.al2023, Environment: {Variables: {PREFIX: !Ref Prefix}}}}
Resources:
  Tick: {Type: AWS::Serverless::Function, Properties: {Timeout: 120}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref LogDays}}
  Name: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "x-${LogDays}"}}
  Queue: {Type: AWS::SQS::Queue}
  Bucket: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
`
	for _, tc := range []struct {
		name, after string
		parameters  []string
		want        []change
	}{
		{name: "the same", after: before},
		{name: "a comment", after: before + "# new\n"},
		{name: "a parameter", after: before, parameters: []string{"LogDays"},
			want: []change{{"change", "Logs", "AWS::Logs::LogGroup", ""},
				{"change", "Name", "AWS::SNS::Topic", ""}}},
		{name: "a parameter of all functions", after: before, parameters: []string{"Prefix"},
			want: []change{{"change", "Tick", isFunction, ""}}},
		{name: "another parameter", after: before, parameters: []string{"Log", "Days"}},
		{name: "what all functions share",
			after: strings.Replace(before, "provided.al2023", "provided.al2029", 1),
			want:  []change{{"change", "Tick", isFunction, ""}}},
		{name: "a resource more",
			after: before + "  More: {Type: AWS::SQS::Queue}\n",
			want:  []change{{"add", "More", "AWS::SQS::Queue", ""}}},
		{name: "two resources less", after: before[:strings.Index(before, "  Queue")],
			want: []change{{"remove", "Bucket", "AWS::S3::Bucket", "the old one is kept, outside the stack"},
				{"remove", "Queue", "AWS::SQS::Queue", "DELETES its messages"}}},
	} {
		got, err := compare([]byte(before), []byte(tc.after), tc.parameters)
		if err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %v, %v, want %v", tc.name, got, err, tc.want)
		}
	}
}

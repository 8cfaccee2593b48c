package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/functions/connection/connectiontest"
)

// senders are all commands that send, for the deployment of the flag that names one.
func senders(place string) []string {
	return []string{
		"report " + place + " --tenant acme --bot bakeri --send",
		"report " + place + " --tenant acme --bot bakeri --send --to slack:C024BE91L",
		"resend " + place + " --tenant acme --bot bakeri --week 2026-W46",
		"resend " + place + " --tenant acme --bot _portfolio --week 2026-W45",
		"backfill " + place + " --tenant acme --bot bakeri --from 2026-W46 --send",
		"preflight " + place + " --send-to slack:C024BE91L",
	}
}

const portfolioYAML = acmeYAML + "portfolio: {channels: C024BE91L}\n"

// deployment writes the bucket or the folder of a name, with what it says of itself; nothing if
// description is empty.
func (o *operator) deployment(name, description string) {
	o.t.Helper()
	files := map[string]string{"config/acme.yaml": portfolioYAML}
	if description != "" {
		files["deployment.json"] = description
	}
	for file, text := range files {
		path := filepath.Join(o.dir, name, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			o.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
}

// ledger lists the records of deliveries in a bucket or a folder.
func (o *operator) ledger(name string) (files []string) {
	o.t.Helper()
	err := filepath.WalkDir(filepath.Join(o.dir, name), func(path string, e fs.DirEntry, err error) error {
		if strings.Contains(path, "ledger") && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return files
}

// Descriptions of deployments.
const (
	prodJSON = `{"stack": "kindly-weekly-prod", "bucket": "prod", "stage": "prod", "secret_prefix": "keys/", "catch_up_hours": 72}`
	devJSON  = `{"stack": "kindly-weekly-dev", "bucket": "dev", "stage": "dev", "secret_prefix": "keys/", "divert_to": "slack:C024DEV99", "catch_up_hours": 72}`
)

// No command sends, or records that it may have sent, from a place that is no deployment, against
// the diversion, or without a yes. Where a command asks, --yes answers, in production with its name.
func TestSending_Refused(t *testing.T) {
	const (
		folder   = "is a folder of this machine, from which nothing is sent: name the deployment with --stack"
		unknown  = "has no deployment.json, so its stage and diversion are unknown, and nothing is sent"
		askProd  = "this is a production deployment, and there is no terminal to ask on: to send, add --yes=prod"
		askDev   = "sending asks first, and there is no terminal to ask on: to send, add --yes"
		other    = "DIVERT_TO is slack:C024BE91L, but the deployment diverts everything to slack:C024DEV99: unset DIVERT_TO"
		recorded = "DIVERT_TO is set, but kindly-weekly-prod diverts nothing, and would record what goes to slack:C024DEV99 as sent to "
	)
	recording := []int{0, 2, 3, 4} // of senders
	for _, test := range []struct {
		name     string
		place    string // --bucket NAME or --store NAME
		says     string // its deployment.json; empty: none
		yes      string
		answer   string // on the terminal; empty: there is none
		divertTo string // of the shell
		code     int
		want     string
		only     []int // of senders; nil: all
	}{
		{"a folder of serve", "--store local", `{"stack": "serve", "stage": "local", "catch_up_hours": 72}`,
			"--yes", "", "", exitFailed, folder, nil},
		{"a folder of serve, with a terminal", "--store local", `{"stage": "local", "catch_up_hours": 72}`,
			"", "y", "", exitFailed, folder, nil},
		{"a folder with the copy of a production bucket", "--store copy", prodJSON,
			"--yes=prod", "y", "", exitFailed, folder, nil},
		{"a folder of anything else", "--store any", "",
			"--yes", "y", "", exitFailed, "any is not a folder of kindly-weekly", nil},
		{"a bucket that does not say what it is", "--bucket undescribed", "",
			"--yes=prod", "y", "", exitFailed, unknown, nil},
		{"a bucket that does not say what it is, and a diversion", "--bucket undescribed", "",
			"--yes=prod", "y", "slack:C024DEV99", exitFailed, unknown, nil},
		{"a bucket with the copy of a folder of serve", "--bucket served",
			`{"stack": "serve", "stage": "local", "catch_up_hours": 72}`, "--yes", "y", "", exitFailed,
			"the bucket served has a copy of a folder of serve, from which nothing is sent", nil},
		{"a bucket with the copy of a production bucket", "--bucket backup", prodJSON, "--yes=prod", "y", "",
			exitFailed, "the bucket backup is a copy: its deployment.json is that of prod", nil},
		{"development without a diversion", "--bucket dev",
			`{"stack": "kindly-weekly-dev", "bucket": "dev", "stage": "dev", "catch_up_hours": 72}`,
			"--yes", "y", "", exitFailed, "kindly-weekly-dev is a dev deployment that diverts nothing", nil},
		{"a stage of a later version", "--bucket next", `{"stage": "staging", "catch_up_hours": 72}`,
			"--yes", "y", "", exitFailed, `unknown stage "staging"`, nil},

		{"production, and no terminal", "--bucket prod", prodJSON, "", "", "", exitFailed, askProd, nil},
		{"production, and a yes without its name", "--bucket prod", prodJSON, "--yes", "", "",
			exitFailed, askProd, nil},
		{"production, and an empty name", "--bucket prod", prodJSON, "--yes=", "", "", exitFailed,
			askProd, nil},
		{"production, and the name of another stage", "--bucket prod", prodJSON, "--yes=dev", "y", "",
			exitUsage, `--yes=dev: the stage is "prod": nothing was sent`, nil},
		{"production, and no", "--bucket prod", prodJSON, "", "n", "", exitFailed, "nothing was sent", nil},
		{"production, a yes without its name, and no", "--bucket prod", prodJSON, "--yes", "n", "",
			exitFailed, "nothing was sent", nil},
		{"production, and a diversion of the shell", "--bucket prod", prodJSON, "--yes=prod", "y",
			"slack:C024DEV99", exitUsage, recorded, recording},

		{"development, and no terminal", "--bucket dev", devJSON, "", "", "", exitFailed, askDev, nil},
		{"development, and no", "--bucket dev", devJSON, "", "n", "", exitFailed, "nothing was sent", nil},
		{"development, and the name of production", "--bucket dev", devJSON, "--yes=prod", "y", "",
			exitUsage, `--yes=prod: the stage is "dev": nothing was sent`, nil},
		{"development, and another diversion of the shell", "--bucket dev", devJSON, "--yes", "y",
			"slack:C024BE91L", exitUsage, other, nil},
		{"a diversion that is no destination", "--bucket prod", prodJSON, "--yes=prod", "y", "everyone",
			exitUsage, "DIVERT_TO", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOperator(t)
			o.aws.setSecret("keys/acme/bakeri", "demo-key-bakeri")
			_, name, _ := strings.Cut(test.place, " ")
			o.deployment(name, test.says)
			t.Chdir(o.dir)
			o.answer = test.answer
			if test.divertTo != "" {
				o.env["DIVERT_TO"] = test.divertTo
			}
			for i, command := range senders(test.place) {
				if test.only != nil && !slices.Contains(test.only, i) {
					continue
				}
				code, said := o.paste("kindly-weekly "+command+" "+test.yes, "")
				if code != test.code || !strings.Contains(said, test.want) {
					t.Errorf("%s: exit code %d, want %d and %q:\n%s", command, code, test.code, test.want, said)
				}
			}
			if n, files := o.sent(), o.ledger(name); n != 0 || len(files) != 0 {
				t.Errorf("%d messages were sent; the ledger has %q", n, files)
			}
		})
	}
}

// What has not left this machine is not recorded as possibly sent, and is sent once there is a way.
func TestSending_Unreachable(t *testing.T) {
	for _, route := range connectiontest.Routes(t) {
		if route.Name != "proxy that forbids it" { // package connection has the others
			continue
		}
		t.Run(route.Name, func(t *testing.T) {
			o := newOperator(t)
			o.aws.setSecret("keys/acme/bakeri", "demo-key-bakeri")
			o.deployment("prod", prodJSON)
			o.way = route.Client
			const command = "kindly-weekly resend --bucket prod --tenant acme --bot bakeri --week 2026-W45"
			if code, said := o.paste(command, ""); code != exitFailed ||
				!strings.Contains(said, "not delivered to 2 destinations") ||
				strings.Contains(said, "may have arrived") {
				t.Errorf("exit code %d: %s", code, said)
			}
			records := 0
			for _, file := range o.ledger("prod") {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(text), `"reason"`) {
					records++
				}
				if strings.Contains(string(text), `"look"`) {
					t.Errorf("%s says that it may have been sent: %s", file, text)
				}
			}
			if records != 2 {
				t.Errorf("%d records say why", records)
			}
			o.way = nil
			if code, said := o.paste(command, ""); code != 0 || o.sent() != 2 {
				t.Errorf("then: exit code %d, %d sent: %s", code, o.sent(), said)
			}
		})
	}
}

// A tenant's report is not sent with the token of another tenant, nor made with its key, although
// the operator may read both secrets.
func TestSending_OtherTenantsSecrets(t *testing.T) {
	for name, text := range map[string]string{
		"token": strings.ReplaceAll(portfolioYAML, "keys/acme#slack_token", "keys/globex#slack_token"),
		"key": strings.ReplaceAll(portfolioYAML, "{id: bakeri,",
			"{id: bakeri, key_secret: keys/globex#key,"),
	} {
		t.Run(name, func(t *testing.T) {
			o := newOperator(t)
			o.aws.setSecret("keys/acme/bakeri", "demo-key-bakeri")
			o.aws.setSecret("keys/globex", `{"slack_token": "xoxb-good", "key": "demo-key-bakeri"}`)
			o.deployment("prod", prodJSON)
			if err := os.WriteFile(filepath.Join(o.dir, "prod/config/acme.yaml"), []byte(text),
				0o600); err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			for _, command := range senders("--bucket prod") {
				if name == "key" && strings.Contains(command, "_portfolio") { // needs no key
					continue
				}
				if code, said := o.paste("kindly-weekly "+command, ""); code == 0 {
					t.Errorf("%s: %s", command, said)
				}
			}
			for _, c := range o.slack.Channels() {
				if n := len(o.slack.Messages(c.ID)); n != 0 {
					t.Errorf("%s got %d messages", c.ID, n)
				}
			}
		})
	}
}

// sent counts all messages and mails, wherever they went.
func (o *operator) sent() int {
	n := len(o.aws.mails())
	for _, c := range o.slack.Channels() {
		n += len(o.slack.Messages(c.ID))
	}
	return n
}

// After a yes a command sends: in production to the destinations that it has printed, and in
// development to the one that gets everything.
func TestSending_Confirmed(t *testing.T) {
	for _, test := range []struct {
		name, place, says, yes, answer, divertTo string
		only                                     []int // of senders; nil: all
		to                                       string
	}{
		{"production", "prod", prodJSON, "--yes=prod", "", "", nil, "C024BE91L"},
		{"production, on a terminal", "prod", prodJSON, "", "y", "", nil, "C024BE91L"},
		{"production, and a diversion of what is not recorded", "prod", prodJSON, "--yes=prod", "",
			"slack:C024DEV99", []int{1, 5}, "C024DEV99"},
		{"development", "dev", devJSON, "--yes", "", "", nil, "C024DEV99"},
		{"development, by its name", "dev", devJSON, "--yes=dev", "", "", nil, "C024DEV99"},
		{"development, on a terminal, and the same diversion", "dev", devJSON, "", "yes",
			"slack:C024DEV99", nil, "C024DEV99"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOperator(t)
			o.aws.setSecret("keys/acme/bakeri", "demo-key-bakeri")
			o.deployment(test.place, test.says)
			t.Chdir(t.TempDir())
			o.answer = test.answer
			if test.divertTo != "" {
				o.env["DIVERT_TO"] = test.divertTo
			}
			for i, command := range senders("--bucket " + test.place) {
				if test.only != nil && !slices.Contains(test.only, i) {
					continue
				}
				before := o.sent()
				_, said := o.paste("kindly-weekly "+command+" "+test.yes, "")
				stage := "from kindly-weekly-" + test.place + ", stage " + test.place + "\n"
				first := !strings.HasPrefix(command, "backfill") // which finds that all is sent
				if !strings.Contains(said, stage) || first && o.sent() == before {
					t.Errorf("%s sent %d messages:\n%s", command, o.sent()-before, said)
				}
			}
			for _, c := range o.slack.Channels() {
				if n := len(o.slack.Messages(c.ID)); (n > 0) != (c.ID == test.to) {
					t.Errorf("%s got %d messages", c.ID, n)
				}
			}
			if n := len(o.aws.mails()); (n > 0) != (test.to == "C024BE91L") {
				t.Errorf("%d mails", n)
			}
		})
	}
}

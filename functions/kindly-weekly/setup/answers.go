package setup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/suggest"
)

// Answers are the contents of an answers file, YAML. Each value is what a person types at the
// question of the same name. A value that is absent or empty takes the question's default.
type Answers struct {
	Region   string       `yaml:"region"`    // of AWS
	Email    string       `yaml:"email"`     // of the operator
	MailFrom string       `yaml:"mail_from"` // the sender, or "none"
	Tenant   string       `yaml:"tenant"`
	Slack    string       `yaml:"slack"`     // "yes" or "none"
	Person   string       `yaml:"person"`    // the operator's member ID in Slack
	DivertTo string       `yaml:"divert_to"` // of a dev stack
	Bots     []BotAnswers `yaml:"bots"`
}

// BotAnswers are the answers about a bot.
type BotAnswers struct {
	Bot        string `yaml:"bot"` // its ID, or its address in Kindly
	Name       string `yaml:"name"`
	TZ         string `yaml:"tz"`
	Sources    list   `yaml:"sources"`
	Languages  list   `yaml:"languages"`
	Locale     string `yaml:"locale"`   // language of the report
	Channels   list   `yaml:"channels"` // names or IDs
	Recipients list   `yaml:"recipients"`
}

// list is a text in which commas separate values. In YAML it may also be written as a list.
type list string

// UnmarshalYAML reads a text or a list of texts.
func (l *list) UnmarshalYAML(n *yaml.Node) error {
	var many []string
	if n.Kind != yaml.SequenceNode {
		return n.Decode((*string)(l))
	}
	err := n.Decode(&many)
	*l = list(strings.Join(many, ", "))
	return err
}

// readAnswers reads an answers file. An unknown key is an error, since it may be a misspelled one.
func readAnswers(file string) (a Answers, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return a, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&a); err != nil && !errors.Is(err, io.EOF) {
		return a, fmt.Errorf("%s: %s; setup --help lists the keys", cli.ShortPath(file), mistakes(err))
	}
	return a, nil
}

var lineNumber = regexp.MustCompile(`line \d+`)

// mistakes describes the mistakes in an answers file. Unlike the errors of YAML it quotes nothing,
// since a secret may be in the file by mistake.
func mistakes(err error) string {
	texts := []string{err.Error()}
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		texts = wrong.Errors
	}
	for i, text := range texts {
		what := "this is not YAML"
		switch {
		case strings.Contains(text, "not found in type"):
			what = "the key is unknown"
		case strings.Contains(text, "already defined"):
			what = "the key is there twice"
		case strings.Contains(text, "cannot unmarshal"):
			what = "the value is not of the kind that its key has"
		}
		texts[i] = cmp.Or(lineNumber.FindString(text), "line unknown") + ": " + what
	}
	return strings.Join(texts, "; ")
}

// A question is asked on a terminal, unless the answers file has its answer.
type question struct {
	key      string // of the answers file
	text     string
	answer   string // of the answers file, or empty
	standard string // the default; empty: an answer is required
	// check returns the answer as it is used, or an error that says what is wrong with it. It may
	// be nil.
	check func(answer string) (string, error)
}

// asker gets answers: from the answers file, or else from a person.
type asker struct {
	terminal cli.Host
	file     string // the answers file, or empty
}

// get returns the answer to a question. Without an answers file it asks until the answer is valid.
func (a asker) get(q question) (string, error) {
	check := func(answer string) (string, error) {
		answer = cmp.Or(strings.TrimSpace(answer), q.standard)
		if answer == "" {
			return "", errors.New("an answer is required")
		}
		if q.check == nil {
			return answer, nil
		}
		return q.check(answer)
	}
	if a.file != "" {
		answer, err := check(q.answer)
		if err != nil {
			return "", fmt.Errorf("%s: %s: %w", cli.ShortPath(a.file), q.key, err)
		}
		return answer, nil
	}
	for {
		prompt := q.text
		if q.standard != "" {
			prompt += " [" + q.standard + "]"
		}
		typed, err := a.ask(prompt + ": ")
		if err != nil {
			return "", err
		}
		answer, err := check(typed)
		if err == nil {
			return answer, nil
		}
		if errors.Is(err, context.Canceled) {
			return "", err
		}
		fmt.Fprintf(a.terminal.Err, "  %v\n", err)
		var unclear *suggest.Unclear
		if errors.As(err, &unclear) && unclear.Meant != "" {
			q.standard = unclear.Meant
		}
	}
}

// yes asks a question whose default is yes. Unattended it is answered with yes.
func (a asker) yes(text string) (bool, error) {
	if a.file != "" {
		return true, nil
	}
	return a.choose(text, true)
}

// choose asks a person for yes or no, until the answer is one of them. Enter takes the default.
func (a asker) choose(text string, standard bool) (bool, error) {
	offer := " [y/N] "
	if standard {
		offer = " [Y/n] "
	}
	for {
		typed, err := a.ask(text + offer)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(strings.TrimSpace(typed)) {
		case "":
			return standard, nil
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
		fmt.Fprintln(a.terminal.Err, "  answer y or n")
	}
}

// ask asks once.
func (a asker) ask(prompt string) (string, error) {
	typed, err := a.terminal.Ask(prompt)
	if errors.Is(err, io.EOF) {
		err = errors.New("standard input has ended")
	}
	return typed, err
}

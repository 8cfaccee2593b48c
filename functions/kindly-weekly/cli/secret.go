package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// longestSecrets is how many bytes of standard input are read for secrets.
const longestSecrets = 100_000

// ReadSecret returns a secret: what is typed on the terminal without being shown, otherwise all of
// standard input. Its errors do not quote what was read.
func (h Host) ReadSecret(ctx context.Context, question string) (string, error) {
	var text string
	var err error
	if h.AskHidden != nil {
		text, err = h.AskHidden(ctx, question)
	} else {
		text, err = readAll(h.In)
	}
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(text) == "" {
		return "", errors.New("standard input is empty: paste the key, or pipe it; other users " +
			"can see command lines")
	}
	return secretWord(text, "standard input", "an API key: a key")
}

// secretWord returns the one word of text. The error names where the text is from, and what it
// should be.
func secretWord(text, from, what string) (string, error) {
	word := strings.TrimSpace(text)
	if strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("%s is not %s is one word", from, what)
	}
	return word, nil
}

func readAll(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, longestSecrets))
	return string(text), err
}

// A SecretReader finds several secrets by name. A secret is in the environment variable of its
// name, or else it is asked for on the terminal. Without a terminal it is a line NAME=value of
// standard input, which is read once, when the first secret is not in the environment. No error and
// no output has the value of a secret.
type SecretReader struct {
	Host Host

	// Names are all names that lines of standard input may have. Another one is an error, since it
	// is probably misspelled.
	Names []string

	lines map[string]string // of standard input, by name; nil until it is read
}

// ErrNoSecret matches the error of [SecretReader.Get] if the secret is not given: neither in the
// environment, nor on standard input, nor on the terminal.
var ErrNoSecret = errors.New("secret not given")

// Get returns the secret with one of the names, the first that is set. The question is for the
// terminal, such as "Bot token (xoxb-…): ".
func (s *SecretReader) Get(ctx context.Context, question string, names ...string) (string, error) {
	for _, name := range names {
		if text := s.Host.Getenv(name); strings.TrimSpace(text) != "" {
			return secretWord(text, name, "a secret: a secret")
		}
	}
	if s.Host.AskHidden != nil {
		text, err := s.Host.AskHidden(ctx, question)
		if err != nil {
			return "", err
		}
		if strings.TrimSpace(text) == "" {
			return "", fmt.Errorf("nothing was typed: %w", ErrNoSecret)
		}
		return secretWord(text, "what was typed", "a secret: a secret")
	}
	if s.lines == nil {
		lines, err := secretLines(s.Host.In, s.Names)
		if err != nil {
			return "", err
		}
		s.lines = lines
	}
	for _, name := range names {
		if value, ok := s.lines[name]; ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("%w: set the variable %s, or pipe a line %[2]s=value to standard input",
		ErrNoSecret, names[0])
}

// Asks reports whether Get asks on the terminal for the secret with one of the names. Only then
// does it make sense to call Get again after a wrong answer.
func (s *SecretReader) Asks(names ...string) bool {
	return s.Host.AskHidden != nil && !slices.ContainsFunc(names, func(name string) bool {
		return strings.TrimSpace(s.Host.Getenv(name)) != ""
	})
}

// secretLines reads lines NAME=value with one of the names. Empty lines and lines that begin with #
// are left out.
func secretLines(in io.Reader, names []string) (map[string]string, error) {
	text, err := readAll(in)
	if err != nil {
		return nil, err
	}
	values, i := make(map[string]string), 0
	for line := range strings.Lines(text) {
		i++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		from := fmt.Sprintf("line %d of standard input", i)
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(strings.TrimPrefix(name, "export "))
		if n := len(value); n > 1 && strings.ContainsRune(`"'`, rune(value[0])) &&
			value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		switch _, twice := values[name]; {
		case !ok:
			return nil, fmt.Errorf("%s is not NAME=value; the names are %s", from,
				strings.Join(names, ", "))
		case !slices.Contains(names, name): // it may be a part of a secret, so it is not quoted
			return nil, fmt.Errorf("%s has an unknown name; the names are %s", from,
				strings.Join(names, ", "))
		case twice:
			return nil, fmt.Errorf("%s sets %s a second time", from, name)
		case strings.TrimSpace(value) == "":
			return nil, fmt.Errorf("%s has no value for %s", from, name)
		}
		if values[name], err = secretWord(value, from, "a secret: a secret"); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// AskHiddenOn returns a function for [Host.AskHidden] that prints questions to out and reads
// answers from the terminal in.
func AskHiddenOn(in *os.File, out io.Writer) func(context.Context, string) (string, error) {
	return func(ctx context.Context, question string) (string, error) {
		if _, err := fmt.Fprint(out, question); err != nil {
			return "", err
		}
		text, err := readHidden(ctx, int(in.Fd()))
		fmt.Fprintln(out)
		return string(text), err
	}
}

// readHidden reads a line from a terminal without echo. If ctx ends it restores the echo; the
// reading goroutine remains until the program ends.
func readHidden(ctx context.Context, terminal int) ([]byte, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, err
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(terminal)
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(terminal, before))
	}
}

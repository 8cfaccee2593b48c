package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// Until returns ask, which ends with the error of ctx if ctx ends before there is an answer. The
// goroutine that reads remains until the program ends.
func Until(
	ctx context.Context, ask func(question string) (string, error),
) func(question string) (answer string, err error) {
	type reply struct {
		answer string
		err    error
	}
	return func(question string) (string, error) {
		replies := make(chan reply, 1)
		go func() {
			answer, err := ask(question)
			replies <- reply{answer, err}
		}()
		select {
		case r := <-replies:
			return r.answer, r.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// AskOn returns a function for [Host.Ask] that prints questions to out and reads answers from in.
// Its error wraps io.EOF if in has ended.
func AskOn(in io.Reader, out io.Writer) func(question string) (answer string, err error) {
	lines := bufio.NewReader(in)
	return func(question string) (string, error) {
		if _, err := fmt.Fprint(out, question); err != nil {
			return "", err
		}
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("there was no answer: %w", err)
		}
		return line, nil
	}
}

// IsYes reports whether the answer to a question is y or yes, in any case.
func IsYes(answer string) bool {
	a := strings.ToLower(strings.TrimSpace(answer))
	return a == "y" || a == "yes"
}

package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
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
func AskOn(in io.Reader, out io.Writer) func(question string) (answer string, err error) {
	lines := bufio.NewReader(in)
	return func(question string) (string, error) {
		if _, err := fmt.Fprint(out, question); err != nil {
			return "", err
		}
		return lines.ReadString('\n')
	}
}

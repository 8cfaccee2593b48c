package cli

import (
	"bufio"
	"fmt"
	"io"
)

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

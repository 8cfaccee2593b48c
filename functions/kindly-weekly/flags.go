package main

import (
	"errors"
	"reflect"

	"github.com/alecthomas/kong"
)

// filled reads a flag that may not be empty. What is empty is a variable of the shell that was not set, and must not
// count as if the flag were not there.
func filled(c *kong.DecodeContext, target reflect.Value) error {
	var value string
	if err := c.Scan.PopValueInto("string", &value); err != nil {
		return err
	}
	if value == "" {
		return errors.New("is empty: write a value, or leave it out")
	}
	target.SetString(value)
	return nil
}

// filledPath is filled, and made absolute.
func filledPath(c *kong.DecodeContext, target reflect.Value) error {
	if err := filled(c, target); err != nil {
		return err
	}
	target.SetString(kong.ExpandPath(target.String()))
	return nil
}

package cli

import (
	"errors"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"kindlyweekly/report/config"
)

// NonEmpty decodes a flag and rejects an empty value. An empty value usually comes from an unset
// shell variable, and must not have the effect of a missing flag.
func NonEmpty(c *kong.DecodeContext, target reflect.Value) error {
	var value string
	if err := c.Scan.PopValueInto("string", &value); err != nil {
		return err
	}
	if value == "" {
		return errors.New("is empty: give a value, or leave the flag out")
	}
	target.SetString(value)
	return nil
}

// NonEmptyPath is NonEmpty for a path, which it makes absolute.
func NonEmptyPath(c *kong.DecodeContext, target reflect.Value) error {
	if err := NonEmpty(c, target); err != nil {
		return err
	}
	target.SetString(kong.ExpandPath(target.String()))
	return nil
}

// BotFlag is NonEmpty for the ID of a bot, in place of which the address of one of its pages at
// Kindly may be given.
func BotFlag(c *kong.DecodeContext, target reflect.Value) error {
	if err := NonEmpty(c, target); err != nil || !strings.Contains(target.String(), "/") {
		return err
	}
	id, err := config.BotID(target.String())
	if err != nil {
		return err
	}
	target.SetString(id)
	return nil
}

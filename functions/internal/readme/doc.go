// Package readme tests the README files: command blocks run, links resolve, examples are valid. It
// has only tests.
//
// A block of commands that needs no account begins with ```sh and is run. One that needs an AWS
// account, a Slack workspace or a Kindly API key begins with ```sh account. Its commands are parsed
// by a shell and by the program, but not run.
package readme

// Package readme tests all Markdown files, such as README.md and functions/REFERENCE.md: command
// blocks run, links resolve, examples are valid, and pages are short. It has only tests.
//
// A block of commands that needs no account begins with ```sh and is run. One that needs an AWS
// account, a Slack workspace or a Kindly API key begins with ```sh account. Its commands are parsed
// by a shell and by the program, but not run. A block of answers for setup begins with ```yaml
// answers, and what a command prints with ```text.
package readme

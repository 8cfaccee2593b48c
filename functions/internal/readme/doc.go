// Package readme has only tests. They hold the README files to the program: the command blocks run, the
// links lead somewhere, the examples are valid.
//
// A block of commands that needs no account begins with ```sh and is run. One that needs an AWS
// account, a Slack workspace or a Kindly API key begins with ```sh account. Its commands are checked
// without a network: a shell reads them, and the program must understand its arguments.
package readme

// Package stack compares what is deployed with what the code needs: template.yaml, samconfig.toml,
// the Makefile's builds and the manifest of the Slack app. It has only tests.
//
// cfn-lint and SAM check that the template is valid. The tests here use tables that are reviewed
// when the code changes: the AWS calls of each function and their IAM actions
// (permissions_test.go), the bucket keys that it reaches, and the calls to Slack and their scopes
// (manifest_test.go). A call that is in no table fails a test, and so does an unused permission.
package stack

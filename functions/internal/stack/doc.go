// Package stack holds what is deployed to what the code needs: template.yaml, samconfig.toml, the builds of the Makefile
// and the manifest of the Slack app. There is only its tests.
//
// Others judge whether the template is one: cfn-lint, and SAM with its own transform. What they cannot know is judged
// here, from tables to be reviewed where the code changes: what each function asks of AWS and the IAM actions it takes
// (permissions_test.go), which keys of the bucket it reaches, and what the app asks of Slack and the scopes that takes
// (manifest_test.go). Whatever the code calls and no table has fails a test, and so does a permission without a use.
package stack

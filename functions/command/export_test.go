package command

// Sign is what Slack does.
var Sign = sign

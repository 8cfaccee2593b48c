package slack

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// The forms of what Slack's pages of an app show. A client secret has the form of a signing secret.
var (
	botToken          = regexp.MustCompile(`^xoxb-[A-Za-z0-9-]{6,}$`)
	hexadecimal       = regexp.MustCompile(`^[0-9a-f]{32}$`)
	clientID          = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	appID             = regexp.MustCompile(`^A[A-Z0-9]{8,}$`)
	verificationToken = regexp.MustCompile(`^[A-Za-z0-9]{24}$`)
)

const (
	whereToken = "the bot token begins with xoxb- and is under OAuth & Permissions, Bot User OAuth" +
		" Token, once the app is installed in the workspace"
	whereSecret = "the signing secret has 32 hexadecimal digits and is under Basic Information, App" +
		" Credentials, Signing Secret"
)

// CheckToken returns an error if s does not have the form of a bot token. The error says what it
// looks like and where the bot token is, and does not contain s.
func CheckToken(s string) error {
	if botToken.MatchString(s) {
		return nil
	}
	return errors.New(looksLike(s) + ": " + whereToken)
}

// CheckSigningSecret returns an error if s does not have the form of a signing secret. The error
// says what it looks like and where the signing secret is, and does not contain s. A client secret
// has the same form: only a signed request tells it apart.
func CheckSigningSecret(s string) error {
	if hexadecimal.MatchString(s) {
		return nil
	}
	return errors.New(looksLike(s) + ": " + whereSecret)
}

// looksLike says what a text is that was given for another one.
func looksLike(s string) string {
	switch prefix, _, _ := strings.Cut(s, "-"); {
	case s == "":
		return "nothing was given"
	case strings.ContainsFunc(s, unicode.IsSpace):
		return "this contains spaces or line breaks"
	case strings.HasPrefix(s, "xoxe"):
		return "this is a token that expires (xoxe…): it configures apps, or belongs to an app" +
			" with token rotation"
	case prefix == "xoxp":
		return "this is a person's token (xoxp-…)"
	case prefix == "xapp":
		return "this is an app-level token (xapp-…)"
	case botToken.MatchString(s):
		return "this is the bot token (xoxb-…)"
	case prefix == "xoxb":
		return "this is only a part of the bot token"
	case clientID.MatchString(s):
		return "this is the client ID"
	case appID.MatchString(s):
		return "this is the app ID"
	case hexadecimal.MatchString(s):
		return "this is the signing secret or the client secret"
	case verificationToken.MatchString(s):
		return "this is the verification token"
	}
	return "this is not one of the app's secrets, or only a part of one"
}

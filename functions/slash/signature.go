package slash

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// skew is how old a request may be, or how far in the future. Slack recommends this value.
const skew = 5 * time.Minute

// A signature is a request's headers X-Slack-Request-Timestamp and X-Slack-Signature.
type signature struct{ timestamp, value string }

// at returns when the request was signed, and whether that is near enough to now.
func (s signature) at(now time.Time) (at time.Time, ok bool) {
	seconds, err := strconv.ParseInt(s.timestamp, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	at = time.Unix(seconds, 0).UTC()
	return at, !at.Before(now.Add(-skew)) && !at.After(now.Add(skew))
}

// of reports whether the body was signed with the secret. Its time does not depend on the secret.
func (s signature) of(body []byte, secret string) bool {
	return hmac.Equal([]byte(sign(s.timestamp, body, secret)), []byte(s.value))
}

// sign returns the value of X-Slack-Signature.
func sign(timestamp string, body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + timestamp + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// hash returns the signature's name in a key. The signature itself is valid for five minutes, so it
// is not stored.
func (s signature) hash() string {
	sum := sha256.Sum256([]byte(s.value))
	return hex.EncodeToString(sum[:])
}

package sage

import (
	"context"
	"strings"
	"testing"
)

// A key is sent unencrypted to this machine only.
func TestClient_RefusesPlainHTTP(t *testing.T) {
	for url, want := range map[string]string{
		"http://sage.kindly.ai":       "would send keys unencrypted: write https",
		"http://10.0.0.1:8080":        "would send keys unencrypted: write https",
		"http://localhost.evil.test/": "would send keys unencrypted: write https",
		"ftp://sage.kindly.ai":        "is invalid: write it like https://sage.kindly.ai",
		"garbage":                     "is invalid: write it like https://sage.kindly.ai",
	} {
		c := &Client{URL: url, APIURL: url, Key: func(context.Context, string) (string, error) {
			t.Errorf("%s: a key was asked for", url)
			return "", nil
		}}
		_, err := c.Options(context.Background(), "bot")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1", "127.1.2.3", "::1"} {
		if !loopback(host) {
			t.Errorf("%s is this machine", host)
		}
	}
}

package delivery

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"kindlyweekly/report/config"
)

// maxBytes are the limits by pattern; the first that fits counts. An asterisk is one name, ** the
// rest. The program writes far less. The limits keep objects of others from using up the memory.
var maxBytes = []struct {
	key  string
	most int64
}{
	{"config/*", config.Largest},    // and senders.json and teams.json
	{"*/config/good.yaml", 4 << 20}, // may be longer than the file it is written from
	{"*/config/*", 1 << 20},         // logos, see theme.MostLogoBytes
	// The portfolio of 10,000 bots takes 10 MB.
	{"*/archive/_portfolio/*/*.json", 32 << 20},
	{"*/archive/*/*/*.json", 4 << 20}, // manifests
	{"*/archive/**", 32 << 20},        // editions, and report.json
	{"*/ledger/known.json", 16 << 20}, // 20,000 destinations are 2 MB
	{"*/ledger/**", 1 << 20},          // records
	{"*/done/**", 1 << 10},            // marks, which are empty
	{"*/seen/**", 1 << 10},            // likewise
	{"*/ops/state.json", 16 << 20},    // 300 deliveries of each cause, and the notices that wait
	{"**", 1 << 20},                   // notices to ops, records of addresses
}

// MaxBytes returns how many bytes an object may have under the key.
func MaxBytes(key string) int64 {
	for _, l := range maxBytes {
		if fits(strings.Split(l.key, "/"), strings.Split(key, "/")) {
			return l.most
		}
	}
	return 0 // of no key, since ** fits
}

func fits(pattern, names []string) bool {
	for i, p := range pattern {
		if p == "**" {
			return true
		}
		if i == len(names) {
			return false
		}
		if ok, _ := path.Match(p, names[i]); !ok { // the patterns are good
			return false
		}
	}
	return len(pattern) == len(names)
}

// TooLargeError is the error of an object beyond its limit.
type TooLargeError struct {
	Key string
	Max int64
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("%s exceeds the limit of %d bytes: remove it, or put its last version back",
		e.Key, e.Max)
}

// CheckSize returns a TooLargeError if an object of this size exceeds its limit.
func CheckSize(key string, size int64) error {
	if most := MaxBytes(key); size > most {
		return &TooLargeError{key, most}
	}
	return nil
}

// ReadObject reads the object of a key, for a [Store]. It reads nothing if the announced size
// exceeds the limit, and never more than the limit.
func ReadObject(r io.Reader, key string, size int64) ([]byte, error) {
	if err := CheckSize(key, size); err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if size > 0 {
		data.Grow(int(size) + bytes.MinRead) // so that it does not grow beyond
	}
	n, err := data.ReadFrom(io.LimitReader(r, MaxBytes(key)+1))
	if err != nil {
		return nil, err
	}
	if err := CheckSize(key, n); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}

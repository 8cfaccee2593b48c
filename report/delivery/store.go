package delivery

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Store keeps objects by key. It holds all that is durable: configurations, archive and ledger. No
// key is the folder of another. What a Put has returned is visible to each later Get and List. An
// invalid key is an error, see [CheckKey]. storetest tests implementations.
type Store interface {
	// Get returns an object, or ErrNotFound. If the object exceeds [MaxBytes] of its key, Get reads
	// nothing and returns a [TooLargeError].
	Get(ctx context.Context, key string) (Object, error)
	// Put writes an object and returns its ETag. If the condition does not hold, it writes nothing
	// and returns ErrConflict. Of concurrent Puts with the same condition exactly one succeeds, if
	// none fails otherwise. After an error other than ErrConflict and TooLargeError the object may
	// have been written.
	Put(ctx context.Context, key string, o Object, c Condition) (etag string, err error)
	// List returns the keys that begin with the prefix, in byte order. The prefix is a folder and
	// ends with a slash, since one tenant's name can begin with another's.
	List(ctx context.Context, prefix string) ([]string, error)
}

// CheckKey returns an error if a key is not valid. A key consists of names of letters, digits and
// "-_.", joined by slashes. No name is empty or begins with a dot. So the key is the same on S3, in
// a folder and in a URL, and cannot lead out of a folder.
func CheckKey(key string) error {
	if !validKey.MatchString(key) || len(key) > 1024 {
		return fmt.Errorf("invalid key %q: names are letters, digits and -_., and begin with no dot", key)
	}
	return nil
}

// CheckPrefix is CheckKey for the prefix of a List.
func CheckPrefix(prefix string) error {
	folder, ok := strings.CutSuffix(prefix, "/")
	if !ok {
		return fmt.Errorf("invalid prefix %q: it must end with a slash", prefix)
	}
	return CheckKey(folder)
}

var validKey = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$`)

// Object is what a key holds.
type Object struct {
	Data []byte
	Type string // MIME type; a store may forget it
	ETag string // names this content; set by Get
}

// Condition says when a Put may write. The zero Condition always allows it.
type Condition struct {
	absent bool
	etag   string
}

// Absent allows a write only if there is no object.
func Absent() Condition { return Condition{absent: true} }

// Unchanged allows a write only if the object still has the ETag.
func Unchanged(etag string) Condition { return Condition{etag: etag} }

// IfAbsent reports whether the condition is Absent.
func (c Condition) IfAbsent() bool { return c.absent }

// IfMatch returns the ETag of an Unchanged condition, else "".
func (c Condition) IfMatch() string { return c.etag }

// Errors of a Store.
var (
	ErrNotFound = errors.New("no such object")
	ErrConflict = errors.New("written by another process in the meantime")
)

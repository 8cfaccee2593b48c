package delivery

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Store keeps objects by key. It is all that is durable: the configurations, the archive and the ledger are keys in it.
// No key is the folder of another. What a Put has returned, every later Get and List shows. Every other key, see
// [CheckKey], is an error. storetest holds every implementation to this.
type Store interface {
	// Get returns an object, or ErrNotFound. Of one that is larger than [MaxBytes] of its key it reads nothing, and the
	// error is a [TooLargeError].
	Get(ctx context.Context, key string) (Object, error)
	// Put writes an object and returns its ETag. If the condition does not hold, nothing is written and the error is
	// ErrConflict. Of several concurrent Puts with the same condition exactly one succeeds, if none meets another error.
	// An error other than ErrConflict and TooLargeError leaves open whether the object was written.
	Put(ctx context.Context, key string, o Object, c Condition) (etag string, err error)
	// List returns the keys that begin with the prefix, in the order of their bytes. The prefix is a folder and ends
	// with a slash, so that one tenant's name can begin with another's.
	List(ctx context.Context, prefix string) ([]string, error)
}

// CheckKey reports what is wrong with a key. A key consists of names of letters, digits and "-_.", joined by slashes,
// none of them empty or begun by a dot. So it is the same on S3, in a folder and in a URL, and leads nowhere else.
func CheckKey(key string) error {
	if !validKey.MatchString(key) || len(key) > 1024 {
		return fmt.Errorf("%q is not a key of a store: its names are letters, digits and -_. and begin with no dot", key)
	}
	return nil
}

// CheckPrefix is CheckKey for the prefix of a List.
func CheckPrefix(prefix string) error {
	folder, ok := strings.CutSuffix(prefix, "/")
	if !ok {
		return fmt.Errorf("%q is not a prefix to list: it is to end with a slash", prefix)
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

// Condition says when a Put may write. The zero Condition is always.
type Condition struct {
	absent bool
	etag   string
}

// Absent allows a write only where there is no object yet.
func Absent() Condition { return Condition{absent: true} }

// Unchanged allows a write only where the object still has the ETag.
func Unchanged(etag string) Condition { return Condition{etag: etag} }

// IfAbsent reports whether the condition is Absent.
func (c Condition) IfAbsent() bool { return c.absent }

// IfMatch returns the ETag of an Unchanged condition, else "".
func (c Condition) IfMatch() string { return c.etag }

// Errors of a Store.
var (
	ErrNotFound = errors.New("no such object")
	ErrConflict = errors.New("somebody else has written in the meantime")
)

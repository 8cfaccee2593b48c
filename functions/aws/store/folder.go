package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"kindlyweekly/report/delivery"
)

// Folder is a folder as a store. A key is a path in it. Processes of one machine may share it; on a
// network file system it is as safe as the locks there. It keeps no types. The ETag is a hash of
// the content.
type Folder struct{ Dir string }

// Deployment returns a name that distinguishes the folder from other deployments, without revealing
// its path.
func (f Folder) Deployment() string {
	dir, err := filepath.Abs(f.Dir)
	if err != nil { // there is no working directory
		dir = f.Dir
	}
	return hash([]byte("file://" + filepath.ToSlash(dir)))[:16]
}

// Files in the folder that are not keys, since they begin with a dot.
const (
	lock       = ".lock"
	unfinished = ".unfinished-*"
)

func (f Folder) path(key string) string { return filepath.Join(f.Dir, filepath.FromSlash(key)) }

// Get returns an object, or delivery.ErrNotFound. It needs no lock, since Put replaces a file as a
// whole.
func (f Folder) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := errors.Join(ctx.Err(), delivery.CheckKey(key)); err != nil {
		return delivery.Object{}, err
	}
	file, err := os.Open(f.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return delivery.Object{}, delivery.ErrNotFound
	}
	if err != nil {
		return delivery.Object{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return delivery.Object{}, err
	}
	data, err := delivery.ReadObject(file, key, info.Size())
	if err != nil {
		return delivery.Object{}, err
	}
	return delivery.Object{Data: data, ETag: hash(data)}, nil
}

// Put writes an object if the condition holds, else it returns delivery.ErrConflict. It compares
// and renames under a lock on the whole folder.
func (f Folder) Put(
	ctx context.Context, key string, o delivery.Object, c delivery.Condition,
) (string, error) {
	size := int64(len(o.Data))
	err := errors.Join(ctx.Err(), delivery.CheckKey(key), delivery.CheckSize(key, size))
	if err != nil {
		return "", err
	}
	path := f.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	// Write before taking the lock, so that no process waits for a slow disk.
	written, err := write(filepath.Dir(path), o.Data)
	if err != nil {
		return "", err
	}
	defer os.Remove(written) // does nothing after the rename

	unlock, err := lockedfile.MutexAt(filepath.Join(f.Dir, lock)).Lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	if c.IfAbsent() || c.IfMatch() != "" {
		existing, err := f.Get(ctx, key)
		switch {
		case errors.Is(err, delivery.ErrNotFound):
			if c.IfMatch() != "" {
				return "", delivery.ErrConflict
			}
		case err != nil:
			return "", err
		case c.IfAbsent() || existing.ETag != c.IfMatch():
			return "", delivery.ErrConflict
		}
	}
	if err := os.Rename(written, path); err != nil {
		return "", err
	}
	return hash(o.Data), nil
}

// write writes and syncs a file that is not a key and returns its path.
func write(dir string, data []byte) (path string, err error) {
	file, err := os.CreateTemp(dir, unfinished)
	if err != nil {
		return "", err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

// List returns the keys that begin with the prefix, in byte order.
func (f Folder) List(ctx context.Context, prefix string) ([]string, error) {
	if err := errors.Join(ctx.Err(), delivery.CheckPrefix(prefix)); err != nil {
		return nil, err
	}
	var keys []string
	err := filepath.WalkDir(f.path(prefix), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // nothing there, or renamed since
			return nil
		}
		if err != nil {
			return err
		}
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return nil
		}
		key, err := filepath.Rel(f.Dir, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		keys = append(keys, filepath.ToSlash(key))
		return nil
	})
	slices.Sort(keys)
	return keys, err
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Package s3fake is a fake S3 for the operations that are used: conditional PUT, GET, HEAD and
// LIST. It does one request at a time, as S3 documents it, and fails as a test says. Unlike moto it
// is atomic and needs no network.
package s3fake

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A Fault is how the server fails a request.
type Fault int

const (
	None         Fault = iota
	Conflict           // 409 ConditionalRequestConflict, and nothing is done
	Lost               // it is done, and the connection ends without an answer
	Internal           // 500, and nothing is done
	Forbidden          // 403
	Overtake           // another caller's PUT is done first
	OvertakeSame       // likewise, with the same content
)

// Server is an S3 with one bucket. Set its fields before its first use. It is safe for concurrent
// use.
type Server struct {
	Bucket string
	Faults func(*http.Request) Fault // nil: none
	Page   int                       // the most keys of a LIST's answer; default: 1,000

	mu      sync.Mutex
	objects map[string]object
}

type object struct {
	data []byte
	etag string
	meta http.Header
}

// ServeHTTP answers requests with the bucket's name in the path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if r.Header.Get("Content-Encoding") == "aws-chunked" {
		panic("the fake does not read chunks")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects == nil {
		s.objects = make(map[string]object)
	}
	key, ok := strings.CutPrefix(r.URL.Path+"/", "/"+s.Bucket+"/")
	key = strings.TrimSuffix(key, "/")
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	f := None
	if s.Faults != nil {
		f = s.Faults(r)
	}
	switch f {
	case Conflict:
		refuse(w, http.StatusConflict, "ConditionalRequestConflict")
		return
	case Internal:
		refuse(w, http.StatusInternalServerError, "InternalError")
		return
	case Forbidden:
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	case Overtake:
		s.write(key, []byte("theirs"), nil)
	case OvertakeSame:
		s.write(key, body, nil)
	}
	o, exists := s.objects[key]
	switch {
	case r.Method == http.MethodPut:
		match := r.Header.Get("If-Match")
		switch {
		case match != "" && !exists:
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		case match != "" && match != o.etag, r.Header.Get("If-None-Match") == "*" && exists:
			refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
			return
		}
		o = s.write(key, body, r.Header)
		if f == Lost {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("ETag", o.etag)
	case r.URL.Query().Get("list-type") == "2":
		s.list(w, r)
	case !exists:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default: // GET, HEAD
		maps.Copy(w.Header(), o.meta)
		w.Header().Set("ETag", o.etag)
		w.Header().Set("Content-Length", fmt.Sprint(len(o.data)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(o.data)
		}
	}
}

func (s *Server) write(key string, data []byte, header http.Header) object {
	sum := md5.Sum(data)
	o := object{data: data, etag: `"` + hex.EncodeToString(sum[:]) + `"`, meta: http.Header{}}
	for name, values := range header {
		if name == "Content-Type" || strings.HasPrefix(name, "X-Amz-Meta-") {
			o.meta[name] = values
		}
	}
	s.objects[key] = o
	return o
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	type content struct{ Key, ETag string }
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	after := r.URL.Query().Get("continuation-token")
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if !strings.HasPrefix(key, r.URL.Query().Get("prefix")) || key <= after {
			continue
		}
		if n := len(page.Contents); n == cmp.Or(s.Page, 1000) {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[n-1].Key
			break
		}
		page.Contents = append(page.Contents, content{key, s.objects[key].etag})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>by the fake</Message></Error>", code)
}

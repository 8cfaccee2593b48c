package buckets_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

var location = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintEuNorth1}

// A fault is what the double does to a request.
type fault int

const (
	none         fault = iota
	conflict           // 409 ConditionalRequestConflict, and nothing is done
	lost               // it is done, and the connection ends without an answer
	internal           // 500, and nothing is done
	forbidden          // 403
	overtake           // somebody else's Put is done first
	overtakeSame       // likewise, and it writes the same
)

// A double does what S3 documents for the few operations that are used, one request after the other: conditional PUT,
// GET, HEAD and LIST in pages of ten.
type double struct {
	URL     string
	faults  func(*http.Request) fault
	mu      sync.Mutex
	objects map[string]object
}

type object struct {
	data []byte
	etag string
	meta http.Header
}

func serve(t *testing.T, faults func(*http.Request) fault) *double {
	d := &double{faults: faults, objects: map[string]object{}}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	d.URL = server.URL
	return d
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if r.Header.Get("Content-Encoding") == "aws-chunked" {
		panic("the double does not read chunks")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key, ok := strings.CutPrefix(r.URL.Path+"/", "/weekly/")
	key = strings.TrimSuffix(key, "/")
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	f := d.faults(r)
	switch f {
	case conflict:
		refuse(w, http.StatusConflict, "ConditionalRequestConflict")
		return
	case internal:
		refuse(w, http.StatusInternalServerError, "InternalError")
		return
	case forbidden:
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	case overtake:
		d.write(key, []byte("theirs"), nil)
	case overtakeSame:
		d.write(key, body, nil)
	}
	o, exists := d.objects[key]
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
		o = d.write(key, body, r.Header)
		if f == lost {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("ETag", o.etag)
	case r.URL.Query().Get("list-type") == "2":
		d.list(w, r)
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

func (d *double) write(key string, data []byte, header http.Header) object {
	sum := md5.Sum(data)
	o := object{data: data, etag: `"` + hex.EncodeToString(sum[:]) + `"`, meta: http.Header{}}
	for name, values := range header {
		if name == "Content-Type" || strings.HasPrefix(name, "X-Amz-Meta-") {
			o.meta[name] = values
		}
	}
	d.objects[key] = o
	return o
}

func (d *double) list(w http.ResponseWriter, r *http.Request) {
	type content struct{ Key string }
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	after := r.URL.Query().Get("continuation-token")
	for _, key := range slices.Sorted(maps.Keys(d.objects)) {
		if !strings.HasPrefix(key, r.URL.Query().Get("prefix")) || key <= after {
			continue
		}
		if len(page.Contents) == 10 {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[9].Key
			break
		}
		page.Contents = append(page.Contents, content{key})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>by the double</Message></Error>", code)
}

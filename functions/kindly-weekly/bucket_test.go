package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"time"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/report/delivery"
)

// buckets answers in the place of S3. Each bucket is a folder of that name in dir, so that a script
// can look at it.
type buckets struct {
	dir string
	now func() time.Time
}

// described is what a deployment says of itself, unless the folder has a file of its own. The bucket
// named undescribed says nothing.
const described = `{"schema": 1, "stack": "kindly-weekly-prod", "stage": "prod", "secret_prefix": "keys/",
	"configuration_set": "set", "alarm_topic": "arn:aws:sns:eu-west-1:123456789012:alarms",
	"catch_up_hours": 72}`

// serve answers a request for an object of a bucket, whose name is in the host or in the path.
func (b buckets) serve(w *httptest.ResponseRecorder, r *http.Request, body []byte) {
	w.Header().Set("Date", b.now().UTC().Format(http.TimeFormat))
	name, _, _ := strings.Cut(r.URL.Host, ".")
	key := strings.TrimPrefix(r.URL.Path, "/")
	folder := store.Folder{Dir: filepath.Join(b.dir, name)}
	var o delivery.Object
	var err error
	switch ctx := r.Context(); {
	case r.URL.Query().Get("list-type") == "2":
		var page struct {
			XMLName  xml.Name `xml:"ListBucketResult"`
			Contents []struct{ Key string }
		}
		var keys []string
		keys, err = folder.List(ctx, r.URL.Query().Get("prefix"))
		for _, key := range keys {
			page.Contents = append(page.Contents, struct{ Key string }{key})
		}
		if err == nil {
			_ = xml.NewEncoder(w).Encode(page)
		}
	case r.Method == http.MethodPut:
		condition := delivery.Condition{}
		if etag := r.Header.Get("If-Match"); etag != "" {
			condition = delivery.Unchanged(strings.Trim(etag, `"`))
		} else if r.Header.Get("If-None-Match") == "*" {
			condition = delivery.Absent()
		}
		o.ETag, err = folder.Put(ctx, key, delivery.Object{Data: body}, condition)
		w.Header().Set("ETag", `"`+o.ETag+`"`)
	default:
		o, err = folder.Get(ctx, key)
		if key == "deployment.json" && name != "undescribed" && errors.Is(err, delivery.ErrNotFound) {
			o, err = delivery.Object{Data: []byte(described)}, nil
		}
		w.Header().Set("ETag", `"`+o.ETag+`"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(o.Data)))
		if err == nil && r.Method == http.MethodGet {
			_, _ = w.Write(o.Data)
		}
	}
	no := func(status int, code string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>by the folder</Message></Error>")
	}
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		no(http.StatusNotFound, "NoSuchKey")
	case errors.Is(err, delivery.ErrConflict):
		no(http.StatusPreconditionFailed, "PreconditionFailed")
	case err != nil:
		no(http.StatusInternalServerError, "InternalError")
	}
}

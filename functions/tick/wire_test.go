package tick_test

import (
	"crypto/md5"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/aws/queues"
	awsstore "kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/wire"
	"kindlyweekly/report/delivery"
)

var serving = flag.Bool("serve", false, "be the S3 and SQS of another process with -wire")

// address is where a process serves S3 and SQS. They have hosts of their own, as AWS has: the SDK
// limits the connections to each.
type address struct {
	S3, SQS     string
	Certificate []byte
}

// measured is a world whose ticks are measured.
type measured struct {
	*world
	group string // with a share of a processor; empty: none
}

// join makes this process a member of the control group until leave is called.
func (w *measured) join() (leave func()) {
	if w.group == "" {
		return func() {}
	}
	move := func(group string) {
		if err := os.WriteFile(group, []byte(strconv.Itoa(os.Getpid())), 0o644); err != nil {
			w.Fatal(err)
		}
	}
	move(w.group)
	return func() { move(filepath.Join(filepath.Dir(filepath.Dir(w.group)), "cgroup.procs")) }
}

// connect starts a process that serves the fleet, and returns its bucket. It sets the queue.
func (w *measured) connect(f *fleet, bots int) delivery.Store {
	program, err := os.Executable()
	if err != nil {
		w.Fatal(err)
	}
	server := exec.Command(program, "-test.run=^TestTick_Scale$", "-test.timeout=1h", "-serve",
		"-bots", strconv.Itoa(bots), "-per-tenant", strconv.Itoa(*perFile),
		"-latency", wait.String())
	server.Stderr = os.Stderr
	in, failed := server.StdinPipe()
	out, err := server.StdoutPipe()
	if err := errors.Join(failed, err, server.Start()); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		in.Close() // it ends
		_, _ = io.Copy(io.Discard, out)
		if err := server.Wait(); err != nil {
			w.Error(err)
		}
	})
	asks, answers := json.NewEncoder(in), json.NewDecoder(out)
	var at address
	if err := answers.Decode(&at); err != nil {
		w.Fatal(err)
	}
	f.remote = func(s setting) (counted tally) {
		if err := errors.Join(asks.Encode(s), answers.Decode(&counted)); err != nil {
			w.Fatal(err)
		}
		return counted
	}
	env := map[string]string{"AWS_REGION": "eu-north-1", "AWS_ENDPOINT_URL": at.S3,
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
		"AWS_SESSION_TOKEN": strings.Repeat("not-a-token.", 60)}
	cfg, failed := wire.Config(func(name string) string { return env[name] })
	certificate, err := x509.ParseCertificate(at.Certificate)
	if err := errors.Join(failed, err); err != nil {
		w.Fatal(err)
	}
	cfg.HTTPClient = cfg.HTTPClient.(*awshttp.BuildableClient).WithTransportOptions(
		func(t *http.Transport) {
			t.TLSClientConfig.RootCAs = x509.NewCertPool()
			t.TLSClientConfig.RootCAs.AddCert(certificate)
		})
	w.Queue = queues.Weekly{URL: at.SQS + "/123456789012/weekly.fifo",
		Client: sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.BaseEndpoint = &at.SQS })}
	return awsstore.S3{Client: s3.NewFromConfig(cfg), Bucket: "weekly"}
}

// serve is S3 and SQS, until its input ends. Each line of it is a setting, answered by a tally.
func serve(t *testing.T) {
	bots, err := strconv.Atoi(*sizes)
	if err != nil {
		t.Fatal(err)
	}
	f := newFleet(bots, *perFile)
	var ticks sync.RWMutex // held while the setting changes
	start := func(handle http.HandlerFunc) *httptest.Server {
		server := httptest.NewUnstartedServer(http.HandlerFunc(
			func(w http.ResponseWriter, r *http.Request) {
				ticks.RLock()
				defer ticks.RUnlock()
				handle(w, r)
			}))
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				f.opened.Add(1)
			}
		}
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	objects, queue := start(f.serveS3), start(f.serveSQS)
	asks, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	err = answers.Encode(address{objects.URL, queue.URL, objects.Certificate().Raw})
	for err == nil {
		var s setting
		if err = asks.Decode(&s); err == nil {
			ticks.Lock()
			f.week, f.over, f.failed = s.Week, s.Over, s.Failed
			err = answers.Encode(f.reset())
			ticks.Unlock()
		}
	}
	if err != io.EOF {
		t.Error(err)
	}
}

// serveS3 is GET, PUT and LIST of S3. Objects have a checksum, which the SDK compares.
func (f *fleet) serveS3(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/weekly"), "/")
	var o delivery.Object
	var err error
	switch {
	case r.Method == http.MethodPut:
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "aws-chunked" {
			body = httputil.NewChunkedReader(body)
		}
		if o.Data, err = io.ReadAll(body); err != nil {
			break
		}
		_, _ = io.Copy(io.Discard, r.Body) // the checksum
		var c delivery.Condition
		if r.Header.Get("If-None-Match") == "*" {
			c = delivery.Absent()
		} else if etag := r.Header.Get("If-Match"); etag != "" {
			c = delivery.Unchanged(etag)
		}
		o.ETag, err = f.Put(r.Context(), key, o, c)
		w.Header().Set("ETag", o.ETag)
		o.Data = nil
	case key == "":
		o.Data = f.page(r.FormValue("prefix"), r.FormValue("continuation-token"))
	default:
		o, err = f.Get(r.Context(), key)
		sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(o.Data))
		w.Header().Set("X-Amz-Checksum-Crc32", base64.StdEncoding.EncodeToString(sum))
		w.Header().Set("ETag", o.ETag)
	}
	status, code := http.StatusInternalServerError, "InternalError"
	switch {
	case err == nil:
		_, _ = w.Write(o.Data)
		return
	case errors.Is(err, delivery.ErrNotFound):
		status, code = http.StatusNotFound, "NoSuchKey"
	case errors.Is(err, delivery.ErrConflict):
		status, code = http.StatusPreconditionFailed, "PreconditionFailed"
	}
	w.Header().Del("X-Amz-Checksum-Crc32")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code></Error>")
}

// page returns a page of a LIST, with what S3 says of each object.
func (f *fleet) page(prefix, after string) []byte {
	type content struct{ Key, LastModified, ETag, ChecksumAlgorithm, Size, StorageClass string }
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	for _, key := range slices.Sorted(slices.Values(f.keys(prefix))) {
		if key <= after {
			continue
		}
		if n := len(page.Contents); n == 1000 {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[n-1].Key
			break
		}
		page.Contents = append(page.Contents, content{key, "2026-11-13T11:00:00.000Z",
			`"d41d8cd98f00b204e9800998ecf8427e"`, "CRC32", "412", "STANDARD"})
	}
	f.call(&f.lists, 1)()
	body, _ := xml.Marshal(page)
	return body
}

// serveSQS is SendMessageBatch of SQS, which accepts all. The SDK compares the checksums.
func (f *fleet) serveSQS(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Entries []struct{ ID, MessageBody string }
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var answer struct{ Successful []map[string]string }
	for _, e := range batch.Entries {
		sum := md5.Sum([]byte(e.MessageBody))
		answer.Successful = append(answer.Successful, map[string]string{"Id": e.ID,
			"MessageId":        "5fea7756-0ea4-451a-a703-a558b933e274",
			"MD5OfMessageBody": hex.EncodeToString(sum[:]), "SequenceNumber": "18849496460467696128"})
	}
	f.call(&f.batches, 1)()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(answer)
}

package log

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Namespace is that of the metrics in CloudWatch.
const Namespace = "KindlyWeekly"

// Names of the metrics. Alarms in the template name them too.
const (
	Built     = "Built"     // reports made from Sage's answers
	Delivered = "Delivered" // reports that Slack or SES took
	Failed    = "Failed"    // tries to build or deliver a report that failed
	Duration  = "Duration"  // of one message's work
	SageCalls = "SageCalls" // requests to Sage and to what makes its tokens
)

// Dimensions of the metrics: the stage and, if there is a reason, the stage and the reason.
const (
	dimensionStage  = "Stage"
	dimensionReason = "Reason"
)

// Metric is a measured number.
type Metric struct {
	name, unit string
	value      float64
}

// Count returns a metric that counts.
func Count(name string, n int) Metric { return Metric{name, "Count", float64(n)} }

// Took returns a metric of time.
func Took(name string, d time.Duration) Metric {
	return Metric{name, "Milliseconds", float64(d) / float64(time.Millisecond)}
}

// Metrics writes metrics for CloudWatch.
type Metrics struct {
	Writer io.Writer // where the Lambda's log goes
	Stage  string    // of the deployment, such as prod
	Now    func() time.Time
}

// Write writes metrics, with the context's attributes as properties. The reason is one of a few
// words, or empty: each is billed as a metric. It fails if the Writer does.
func (m *Metrics) Write(ctx context.Context, reason string, metrics ...Metric) error {
	type definition struct{ Name, Unit string }
	type directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []definition
	}
	line := make(map[string]any)
	for _, a := range about(ctx) {
		line[a.Key] = withoutSecrets(a.Value.String())
	}
	d := directive{Namespace: Namespace, Dimensions: [][]string{{dimensionStage}}}
	line[dimensionStage] = m.Stage
	if reason != "" {
		d.Dimensions = append(d.Dimensions, []string{dimensionStage, dimensionReason})
		line[dimensionReason] = reason
	}
	for _, metric := range metrics {
		d.Metrics = append(d.Metrics, definition{metric.name, metric.unit})
		line[metric.name] = metric.value
	}
	line["_aws"] = map[string]any{
		"Timestamp":         m.Now().UnixMilli(),
		"CloudWatchMetrics": []directive{d},
	}
	data, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	if _, err := m.Writer.Write(append(data, '\n')); err != nil { // one write, so lines do not mix
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

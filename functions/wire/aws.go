package wire

import (
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// connections is the number of connections to each service, at most. A tick has up to 256 requests
// to S3 at a time; those beyond wait for a connection. All are kept for the next request: a new one
// costs more than the request. The SDK keeps 10.
const connections = 64

// Config returns the SDK's configuration in a Lambda. The runtime sets AWS_REGION and the
// credentials of the function's role: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN. They are read once, as the SDK itself does in a Lambda. AWS_ENDPOINT_URL, if
// it is set, takes the place of AWS, for tests.
//
// No other variable of the SDK counts, and no file: no profile, no login, and no settings of
// retries or endpoints. Reading those is the task of the SDK's package config, which brings the
// clients of four more services. Its defaults are those of Config too: standard retries, and
// checksums of what S3 gets and sends. The SDK's warnings are not logged.
//
// Config returns an error if AWS_REGION is empty. Without credentials requests fail.
func Config(getenv func(string) string) (aws.Config, error) {
	cfg := aws.Config{
		Region: getenv("AWS_REGION"),
		Credentials: aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(
			getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"),
			getenv("AWS_SESSION_TOKEN"))),
		DefaultsMode: aws.DefaultsModeLegacy,
		HTTPClient: awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.MaxConnsPerHost, t.MaxIdleConnsPerHost = connections, connections
			t.MaxIdleConns = 4 * connections
		}),
		AccountIDEndpointMode:       aws.AccountIDEndpointModePreferred,
		RequestChecksumCalculation:  aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation:  aws.ResponseChecksumValidationWhenSupported,
		RequestMinCompressSizeBytes: 10_240,
	}
	if cfg.Region == "" {
		return aws.Config{}, errors.New("AWS_REGION is empty")
	}
	if url := getenv("AWS_ENDPOINT_URL"); url != "" {
		cfg.BaseEndpoint = &url
	}
	return cfg, nil
}

package deploy

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// A bucket is the one of an account and a region that has the programs and templates of its stacks.
type bucket struct {
	client  *s3.Client
	region  string
	account string // the owner: a bucket of that name in another account is refused
	name    string
}

// artifacts returns the bucket of the credentials' account, which may not exist yet.
func artifacts(ctx context.Context, cfg aws.Config) (bucket, error) {
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return bucket{}, fmt.Errorf("the account of the AWS credentials is unknown: %w", err)
	}
	account := aws.ToString(who.Account)
	return bucket{client: s3.NewFromConfig(cfg), region: cfg.Region, account: account,
		name: "kindly-weekly-artifacts-" + account + "-" + cfg.Region}, nil
}

// create creates the bucket unless it is there, and configures one that is not configured yet.
// Its policy is set last, so a bucket with a policy is complete.
func (b bucket) create(ctx context.Context) error {
	_, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &b.name,
		ExpectedBucketOwner: &b.account})
	switch code := codeOf(err); {
	case err == nil:
		return nil
	case code == "NoSuchBucket":
		in := &s3.CreateBucketInput{Bucket: &b.name}
		if b.region != "us-east-1" { // which has no name there
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(b.region)}
		}
		if _, err := b.client.CreateBucket(ctx, in); err != nil {
			return fmt.Errorf("the bucket %s for programs was not created: %w", b.name, err)
		}
	case code != "NoSuchBucketPolicy":
		return fmt.Errorf("the bucket %s for programs cannot be used by the account %s: %w", b.name,
			b.account, err)
	}
	if err := b.configure(ctx); err != nil {
		return fmt.Errorf("the bucket %s for programs was not configured: %w", b.name, err)
	}
	return nil
}

func (b bucket) configure(ctx context.Context) error {
	yes := aws.Bool(true)
	_, err := b.client.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.account,
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes,
			RestrictPublicBuckets: yes,
		}})
	if err != nil {
		return err
	}
	_, err = b.client.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.account,
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{
				ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
					SSEAlgorithm: types.ServerSideEncryptionAes256},
			}}}})
	if err != nil {
		return err
	}
	_, err = b.client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{
		Bucket: &b.name, ExpectedBucketOwner: &b.account,
		Policy: aws.String(fmt.Sprintf(tlsOnly, partition(b.region), b.name)),
	})
	return err
}

// tlsOnly is the policy of the bucket, for a partition and a name.
const tlsOnly = `{"Version": "2012-10-17", "Statement": [{"Sid": "TLSOnly", "Effect": "Deny", ` +
	`"Principal": "*", "Action": "s3:*", "Resource": ["arn:%[1]s:s3:::%[2]s", ` +
	`"arn:%[1]s:s3:::%[2]s/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`

// partition returns the partition of a region.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// has reports whether the bucket has an object. Without the permission to look it says no.
func (b bucket) has(ctx context.Context, key string) bool {
	_, err := b.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: &key,
		ExpectedBucketOwner: &b.account})
	return err == nil
}

func (b bucket) put(ctx context.Context, key string, data []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: &key,
		Body: bytes.NewReader(data), ExpectedBucketOwner: &b.account})
	if err != nil {
		return fmt.Errorf("%s was not uploaded to %s: %w", key, b.name, err)
	}
	return nil
}

// url returns the address of an object, as CloudFormation takes it.
func (b bucket) url(ctx context.Context, key string) (string, error) {
	endpoint, err := s3.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx,
		s3.EndpointParameters{Region: &b.region, Bucket: &b.name})
	if err != nil {
		return "", err
	}
	return endpoint.URI.JoinPath(key).String(), nil
}

// programKey returns the name of a function's program in the bucket. The same program has the same
// name.
func programKey(function string, program []byte) string {
	return fmt.Sprintf("%s-%.20x.zip", strings.ToLower(function), sha256.Sum256(program))
}

// templateKey returns the name of a template in the bucket.
func templateKey(text []byte) string {
	return fmt.Sprintf("template-%.20x.yaml", sha256.Sum256(text))
}

// archive returns the zip file that Lambda unpacks. The same program has the same bytes.
func archive(program []byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: bootstrap, Method: zip.Deflate,
		Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} // the first that zip knows
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err == nil {
		_, err = w.Write(program)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

// codeOf returns the code of an error of AWS, or nothing.
func codeOf(err error) string {
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	return ""
}

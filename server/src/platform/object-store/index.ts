export { type Bucket, BucketError, type BucketFault, type Part } from './bucket.ts'
export { loadS3, openS3, type S3Place } from './s3-bucket.ts'

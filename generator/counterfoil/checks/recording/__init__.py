"""Traffic in files, as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""

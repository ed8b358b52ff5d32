# Spin when the file is read.
# none: policy-error
# sandboxed: policy-error
while True:
    pass

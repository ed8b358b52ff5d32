# End with status 0 before anything is asked.
# none: policy-error
# sandboxed: policy-error
raise SystemExit(0)

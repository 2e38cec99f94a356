package zmtp

// Echo is a REP socket that sends every message back as it came: the
// heartbeat.
type Echo struct{ *socket }

// ListenEcho binds an echo.
func ListenEcho(endpoint string, o Options) (*Echo, error) {
	s, err := listen(endpoint, kind{
		name:    "REP",
		peers:   []string{"REQ", "DEALER"},
		message: func(p *peer, frames [][]byte) { p.send(frames) },
	}, o)
	if err != nil {
		return nil, err
	}
	return &Echo{s}, nil
}

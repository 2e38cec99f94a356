package learn

import (
	"encoding/json"
	"fmt"
	"slices"

	"mlpkernel/nn"
)

// stage is a training, or the part of one that ran with the same options on
// the same rows. A model that went on with others has several.
type stage struct {
	Settings Settings `json:"settings"`
	From     int      `json:"from,omitempty"`  // epochs that it went on from; Settings.Epochs is where it ended
	Batch    int      `json:"batch,omitempty"` // steps of an epoch that was interrupted
	Data     string   `json:"data"`            // fingerprint of the rows
}

// text is what the fingerprint is made of: all that the weights depend on.
func (s stage) text() []byte {
	s.Settings.Device, s.Settings.Record, s.Settings.Metrics, s.Settings.MetricsGiven = "", nil, nil, false
	text, err := json.Marshal(s)
	if err != nil {
		panic("learn: settings: " + err.Error())
	}
	return text
}

// program is the job as a stage, once it has ended: its epochs are those that
// were trained, where not patience or a divergence ended it.
func (j *job) program() stage {
	s := stage{Settings: j.settings, From: j.from, Data: j.data()}
	s.Settings.Horizon = 0
	if j.stopped == Interrupted || j.stopped == Callback {
		at := j.state
		if j.end.Params != nil {
			at = j.end
		}
		s.Settings.Epochs, s.Batch = at.Epoch, at.Batch
	}
	if h := j.horizon(); j.scheduled() && h != s.Settings.Epochs {
		s.Settings.Horizon = h
	}
	return s
}

// horizon is how many epochs schedules are laid over.
func (j *job) horizon() int { return max(j.until, j.settings.Horizon) }

// scheduled tells whether a rate is laid over the whole training.
func (j *job) scheduled() bool {
	rates := []nn.Schedule{j.settings.Optimizer.LR, j.settings.Optimizer.WeightDecay}
	for _, s := range j.plan.Steps {
		rates = append(rates, s.Rate)
	}
	return slices.ContainsFunc(rates, nn.Schedule.Whole)
}

// follow makes the job the next stage after a model's, or the same one where
// it goes on as if it had not stopped.
func (j *job) follow(base *Model) {
	if h := j.horizon(); j.scheduled() && j.state.Step > 0 && base.horizon != h {
		j.notes = append(j.notes, fmt.Sprintf("schedules are laid over all %d epochs now, those so far were laid over %d; horizon=%d from the beginning makes one course of it", h, base.horizon, h))
	}
	if patience := j.settings.EarlyStopping; base.stopped == Early && patience > 0 && j.until > j.state.Epoch {
		j.say(fmt.Sprintf("early stopping ended the training before: this one goes on from the best epoch, %d, and ends where %s in a row are no better; early_stopping=None trains all that are asked for", j.state.Epoch, count(patience, "epoch", "epochs")))
	}
	j.before, j.from = base.before, base.stage.From
	was, now := base.stage, j.program()
	was.Settings.Epochs, was.Batch, was.Settings.Horizon = 0, 0, base.horizon
	now.Settings.Epochs, now.Batch, now.Settings.Horizon = 0, 0, j.horizon()
	if !j.scheduled() {
		was.Settings.Horizon, now.Settings.Horizon = 0, 0
	}
	goesOn := base.stopped != Early && base.stopped != Diverged
	if j.state.Step > 0 && !(goesOn && string(was.text()) == string(now.text())) {
		j.before, j.from = append(slices.Clone(base.before), base.stage), j.state.Epoch
	}
}

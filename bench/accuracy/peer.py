"""Scores scikit-learn's MLP with its defaults on the rows and folds of standard input, as JSON."""
import json, sys, warnings
import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")  # it ends at 200 iterations by default, and says so
job = json.load(sys.stdin)
n = len(job["target"])
numbers = np.array(job["numbers"], dtype=float).T.reshape(n, -1)
words = np.array(job["words"], dtype=object).T.reshape(n, -1)
rows = np.concatenate([numbers.astype(object), words], axis=1)
k = numbers.shape[1]
y = np.array(job["target"])
scores = []
for fold in job["folds"]:
    steps = [(make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), slice(0, k))]
    if words.size:
        steps.append((OneHotEncoder(handle_unknown="ignore"), slice(k, rows.shape[1])))
    prep = make_column_transformer(*steps, sparse_threshold=0)
    train, test = fold["Train"], fold["Test"]
    if job["classes"]:
        model = make_pipeline(prep, MLPClassifier(random_state=0)).fit(rows[train], y[train])
        scores.append(float(np.mean(model.predict(rows[test]) == y[test])))
    else:
        # The target is standardised too, as is good practice and as fit does.
        mean, std = y[train].mean(), y[train].std()
        model = make_pipeline(prep, MLPRegressor(random_state=0)).fit(rows[train], (y[train] - mean) / std)
        scores.append(float(np.sqrt(np.mean((model.predict(rows[test]) * std + mean - y[test]) ** 2))))
json.dump(scores, sys.stdout)

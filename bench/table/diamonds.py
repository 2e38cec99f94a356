import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.compose import TransformedTargetRegressor
from sklearn.preprocessing import OneHotEncoder, RobustScaler, StandardScaler

t = pd.read_csv("diamonds.csv")
print(t.describe(include="all").loc["mean"].sum())
train, test = train_test_split(t, test_size=0.2, random_state=1)
words = ["cut", "color", "clarity"]
numbers = [c for c in t.columns if c not in words + ["price"]]
prep = make_column_transformer((OneHotEncoder(), words), (RobustScaler(), numbers))
net = MLPRegressor((64, 64), max_iter=5, batch_size=128, learning_rate_init=1e-3, random_state=0)
m = make_pipeline(prep, TransformedTargetRegressor(net, transformer=StandardScaler()))
m.fit(train, train["price"])
print("r2", m.score(test, test["price"]))

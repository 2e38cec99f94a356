package table

import "strings"

const uci = "UCI Machine Learning Repository"

// bundled lists the data sets in data/; data/LICENSES.md has the same facts.
func bundled() []datasetDef {
	return []datasetDef{
		{
			name: "penguins", target: "species", rows: 344, cols: 8, licence: "CC0 1.0",
			description: "three species of penguins on three islands near Palmer Station, Antarctica, with missing values",
			source:      "Horst, Hill, Gorman: palmerpenguins, 2020; Gorman, Williams, Fraser, PLoS ONE 9(3), 2014",
			types:       map[string]Type{"species": Category, "island": Category, "sex": Category},
			meaning: meanings(map[string]string{
				"species": "species of the penguin", "island": "island where it nests", "bill_length_mm": "length of the bill in mm", "bill_depth_mm": "depth of the bill in mm",
				"flipper_length_mm": "length of the flipper in mm", "body_mass_g": "body mass in g", "sex": "sex", "year": "year of study",
			}),
		},
		{
			name: "iris", target: "species", rows: 150, cols: 5, licence: "CC BY 4.0 (UCI terms)",
			description: "three species of iris by the size of sepals and petals",
			source:      "Fisher: The use of multiple measurements in taxonomic problems, 1936; " + uci,
			types:       map[string]Type{"species": Category},
			meaning: meanings(map[string]string{
				"sepal_length": "length of the sepals in cm", "sepal_width": "width of the sepals in cm", "petal_length": "length of the petals in cm",
				"petal_width": "width of the petals in cm", "species": "species of iris",
			}),
		},
		{
			name: "wine", target: "cultivar", rows: 178, cols: 14, licence: "CC BY 4.0",
			description: "chemical analysis of wines of three cultivars of one region of Italy",
			source:      "Aeberhard, Forina; " + uci,
			types:       map[string]Type{"cultivar": Category},
			meaning: meanings(map[string]string{
				"alcohol": "alcohol in % by volume", "malic_acid": "malic acid in g/l", "ash": "ash in g/l", "alcalinity_of_ash": "alkalinity of the ash in meq/l",
				"magnesium": "magnesium in mg/l", "total_phenols": "phenols, all", "flavanoids": "flavanoids", "nonflavanoid_phenols": "phenols other than flavanoids",
				"proanthocyanins": "proanthocyanins", "color_intensity": "intensity of the colour", "hue": "hue", "od280_od315": "absorbance at 280 nm over that at 315 nm",
				"proline": "proline in mg/l", "cultivar": "cultivar of the grapes",
			}),
		},
		{
			name: "breast_cancer", target: "diagnosis", rows: 569, cols: 31, licence: "CC BY 4.0 (UCI terms)",
			description: "cell nuclei in pictures of breast tumours, benign or malignant",
			source:      "Wolberg, Street, Mangasarian: Breast Cancer Wisconsin (Diagnostic), 1995; " + uci,
			types:       map[string]Type{"diagnosis": Category},
			meaning:     cancerMeaning,
		},
		{
			name: "diabetes", target: "progression", rows: 442, cols: 11, licence: "none stated for the data; as shipped by scikit-learn (BSD-3)",
			description: "progression of diabetes in one year by ten measurements of patients",
			source:      "Efron, Hastie, Johnstone, Tibshirani: Least angle regression, Annals of Statistics 32, 2004",
			types:       map[string]Type{"sex": Category},
			meaning: meanings(map[string]string{
				"age": "age in years", "sex": "sex, coded 1 and 2", "bmi": "body mass index in kg/m²", "bp": "mean blood pressure in mmHg", "tc": "total cholesterol",
				"ldl": "low-density lipoproteins", "hdl": "high-density lipoproteins", "tch": "total cholesterol / HDL", "ltg": "logarithm of triglycerides (perhaps)",
				"glu": "blood sugar", "progression": "measure of the disease one year later",
			}),
		},
		{
			name: "digits", target: "digit", rows: 1797, cols: 65, licence: "CC BY 4.0 (UCI terms)",
			description: "handwritten digits as 8 × 8 grey pixels",
			source:      "Alpaydin, Kaynak: Optical recognition of handwritten digits, test part, 1998; " + uci,
			types:       map[string]Type{"digit": Category},
			meaning: func(c string) string {
				if c == "digit" {
					return "the digit that was written"
				}
				place := strings.Split(c, "_")
				return "ink from 0 to 16 in row " + place[1] + ", column " + place[len(place)-1]
			},
		},
		{
			name: "gapminder", target: "life_expectancy", rows: 10545, cols: 9, licence: "CC BY 4.0",
			description: "health and income of 185 countries from 1960 to 2016, with many missing values",
			source:      "Gapminder Foundation, gapminder.org; as in dslabs (Irizarry, Gill)",
			types:       map[string]Type{"country": Category, "continent": Category, "region": Category},
			meaning: meanings(map[string]string{
				"country": "country", "year": "year", "infant_mortality": "infant deaths per 1,000 births", "life_expectancy": "life expectancy in years",
				"fertility": "children per woman", "population": "population", "gdp": "gross domestic product in US dollars of 2000", "continent": "continent", "region": "region of the continent",
			}),
		},
		{
			name: "birdstrikes", target: "Effect Amount of damage", rows: 10000, cols: 14, licence: "US government work",
			description: "collisions of aircraft with wildlife in the USA, 1990 to 2002, with missing values and many levels",
			source:      "US Federal Aviation Administration, Wildlife Strike Database; as in vega-datasets",
			types: map[string]Type{"Airport Name": Category, "Aircraft Make Model": Category, "Effect Amount of damage": Category, "Flight Date": Time, "Aircraft Airline Operator": Category,
				"Origin State": Category, "Phase of flight": Category, "Wildlife Size": Category, "Wildlife Species": Category, "Time of day": Category},
			levels: map[string][]string{"Wildlife Size": {"Small", "Medium", "Large"}},
			meaning: meanings(map[string]string{
				"Airport Name": "airport", "Aircraft Make Model": "type of aircraft", "Effect Amount of damage": "damage to the aircraft; None means no damage", "Flight Date": "day of the flight",
				"Aircraft Airline Operator": "who operated the aircraft", "Origin State": "state of the USA", "Phase of flight": "phase of the flight", "Wildlife Size": "size of the animal",
				"Wildlife Species": "species of the animal", "Time of day": "time of day", "Cost Other": "other cost in US dollars", "Cost Repair": "cost of repair in US dollars",
				"Cost Total $": "whole cost in US dollars", "Speed IAS in knots": "indicated air speed in knots",
			}),
		},
		{
			name: "diamonds", target: "price", rows: 53940, cols: 10, licence: "MIT",
			description: "prices and properties of round cut diamonds",
			source:      "as in ggplot2 (Wickham)",
			types:       map[string]Type{"cut": Category, "color": Category, "clarity": Category},
			levels: map[string][]string{
				"cut":     {"Fair", "Good", "Very Good", "Premium", "Ideal"},
				"color":   {"J", "I", "H", "G", "F", "E", "D"},
				"clarity": {"I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"},
			},
			meaning: meanings(map[string]string{
				"carat": "weight in carat (0.2 g)", "cut": "quality of the cut, from Fair to Ideal", "color": "colour, from J (worst) to D (best)", "clarity": "clarity, from I1 (worst) to IF (best)",
				"depth": "depth in % of the mean diameter", "table": "width of the top in % of the widest point", "price": "price in US dollars",
				"x": "length in mm; 0 where unknown", "y": "width in mm; 0 where unknown", "z": "depth in mm; 0 where unknown",
			}),
		},
		{
			name: "churn", target: "churn", rows: 7043, cols: 20, licence: "MIT",
			description: "customers of a telephone company, and whether they left",
			source:      "IBM Watson sample data (Telco customer churn); as wa_churn in modeldata",
			types: map[string]Type{"churn": Category, "multiple_lines": Category, "internet_service": Category, "online_security": Category, "online_backup": Category,
				"device_protection": Category, "tech_support": Category, "streaming_tv": Category, "streaming_movies": Category, "contract": Category, "payment_method": Category},
			levels: map[string][]string{"contract": {"Month-to-month", "One year", "Two year"}},
			meaning: meanings(map[string]string{
				"churn": "did the customer leave", "female": "1 if female", "senior_citizen": "1 if a senior", "partner": "1 with a partner", "dependents": "1 with dependents", "tenure": "months as a customer",
				"phone_service": "1 with a telephone", "multiple_lines": "more than one line", "internet_service": "kind of internet service", "online_security": "has online security",
				"online_backup": "has online backup", "device_protection": "has device protection", "tech_support": "has technical support", "streaming_tv": "streams television",
				"streaming_movies": "streams films", "contract": "length of the contract", "paperless_billing": "1 with paperless billing", "payment_method": "how the customer pays",
				"monthly_charges": "charge a month in US dollars", "total_charges": "charge so far in US dollars",
			}),
		},
	}
}

// cancerMeaning puts the meaning of breast_cancer's columns together: a
// statistic over the nuclei of a picture, and a quality of a nucleus.
func cancerMeaning(c string) string {
	if c == "diagnosis" {
		return "benign or malignant"
	}
	stat, what, _ := strings.Cut(c, "_")
	of := map[string]string{"mean": "mean over the nuclei of ", "error": "standard error of ", "worst": "mean of the three largest values of "}[stat]
	return of + strings.ReplaceAll(what, "_", " ")
}
